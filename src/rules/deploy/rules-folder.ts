import type { DeployedAction, Tenant } from './tenant.ts'

/** A file of the folder that an import leaves. */
export interface FolderFile {
  readonly path: string
  readonly text: string
  /** Whether it may hold secrets, so that nobody else is to read it. */
  readonly secret: boolean
}

/**
 * A deployment as a folder of rules of our own layout: `NAME.js`, `NAME.json` with its name, its order, whether it is enabled
 * and an action's secrets, and `configuration.json`.
 */
export function rulesFolder({ rules, actions, configuration }: Tenant): readonly FolderFile[] {
  const taken = new Set<string>()
  const files = [
    ...rules.flatMap(({ script, ...metadata }) => scriptFiles(script, metadata, fileNameFor(metadata, taken))),
    ...actions.flatMap((action) => scriptFiles(action.script, metadataOf(action), fileNameFor(action, taken))),
  ]
  if (Object.keys(configuration).length === 0) return files
  return [...files, { path: 'configuration.json', text: json(configuration), secret: true }]
}

function scriptFiles(script: string, metadata: object, base: string): FolderFile[] {
  return [
    { path: `${base}.js`, text: script, secret: false },
    { path: `${base}.json`, text: json(metadata), secret: 'secrets' in metadata },
  ]
}

function metadataOf({ name, order, enabled, secrets }: DeployedAction): object {
  const list = Object.entries(secrets).map(([key, value]) => (value === '' ? { name: key } : { name: key, value }))
  return { name, ...(order === undefined ? {} : { order }), enabled, ...(list.length === 0 ? {} : { secrets: list }) }
}

/** A name that every file system takes, that no other file has, and that says nothing of its own. */
function fileNameFor({ name, order }: { name: string; order?: number | string }, taken: Set<string>): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}_ -]+/gu, '-').replaceAll(/^[ -]+|[ -]+$/g, '')
  const reserved = /^(configuration|package(-lock)?|[tj]sconfig|)$/i.test(safe)
  // A leading number would be taken for the order of a rule that has none.
  const base = reserved || (order === undefined && /^\d/.test(safe)) ? `rule-${safe}` : safe
  for (let count = 1; ; count++) {
    const free = count === 1 ? base : `${base}-${count}`
    if (taken.has(free.toLowerCase())) continue
    taken.add(free.toLowerCase())
    return free
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
