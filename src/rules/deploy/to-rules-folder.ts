import type { DeployedAction, Tenant } from './tenant.ts'

/** A file of the folder that an import writes. */
export interface FolderFile {
  readonly path: string
  readonly text: string
  /** Whether it may hold secrets, so that only its owner may read it. */
  readonly isSecret: boolean
}

/**
 * Converts a deployment to a folder of rules in our own layout.
 *
 * - `NAME.js`: the script
 * - `NAME.json`: its name, order, whether it is enabled, and an action's secrets
 * - `configuration.json`
 */
export function toRulesFolder({ rules, actions, configuration }: Tenant): readonly FolderFile[] {
  const usedNames = new Set<string>()
  const files = [
    ...rules.flatMap(({ script, ...metadata }) => toScriptFiles(script, metadata, pickFileName(metadata, usedNames))),
    ...actions.flatMap((action) => toScriptFiles(action.script, toMetadata(action), pickFileName(action, usedNames))),
  ]
  if (Object.keys(configuration).length === 0) return files
  return [...files, { path: 'configuration.json', text: toJson(configuration), isSecret: true }]
}

function toScriptFiles(script: string, metadata: object, base: string): FolderFile[] {
  return [
    { path: `${base}.js`, text: script, isSecret: false },
    { path: `${base}.json`, text: toJson(metadata), isSecret: 'secrets' in metadata },
  ]
}

function toMetadata({ name, order, enabled, secrets }: DeployedAction): object {
  const secretList = Object.entries(secrets).map(([key, value]) =>
    value === '' ? { name: key } : { name: key, value },
  )
  return {
    name,
    ...(order === undefined ? {} : { order }),
    enabled,
    ...(secretList.length === 0 ? {} : { secrets: secretList }),
  }
}

/** Picks a file name that every file system accepts, that no other file has, and that has no special meaning. */
function pickFileName({ name, order }: { name: string; order?: number | string }, usedNames: Set<string>): string {
  const safeName = name.replaceAll(/[^\p{L}\p{N}_ -]+/gu, '-').replaceAll(/^[ -]+|[ -]+$/g, '')
  const isReserved = /^(configuration|package(-lock)?|[tj]sconfig|)$/i.test(safeName)
  // A leading number would be read as the order of a rule that has none.
  const base = isReserved || (order === undefined && /^\d/.test(safeName)) ? `rule-${safeName}` : safeName
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? base : `${base}-${count}`
    if (usedNames.has(candidate.toLowerCase())) continue
    usedNames.add(candidate.toLowerCase())
    return candidate
  }
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
