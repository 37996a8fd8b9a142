import type { DeployedAction, DeployedRule, Tenant } from './tenant.ts'

/** A file of the folder that an import leaves. */
export interface FolderFile {
  readonly path: string
  readonly text: string
  /** Whether it may hold secrets, so that nobody else is to read it. */
  readonly secret: boolean
}

/**
 * A deployment as a folder of rules of our own layout: `NAME.js`, `NAME.json` with its name, order and whether it is
 * enabled, and `configuration.json`, in which actions find their secrets, too.
 */
export function rulesFolder({ rules, actions, configuration }: Tenant): readonly FolderFile[] {
  const taken = new Set<string>()
  const files = [
    ...rules.flatMap((rule) => ruleFiles(rule, fileNameFor(rule, taken))),
    ...actions.flatMap((action) => ruleFiles(asRule(action), fileNameFor(action, taken))),
  ]
  const secrets = Object.assign({}, ...actions.map((action) => action.secrets)) as Record<string, string>
  const values = { ...secrets, ...configuration }
  if (Object.keys(values).length === 0) return files
  return [...files, { path: 'configuration.json', text: json(values), secret: true }]
}

function asRule({ name, script, order, enabled }: DeployedAction): DeployedRule {
  return { name, script, enabled, ...(order === undefined ? {} : { order }) }
}

function ruleFiles({ script, ...metadata }: DeployedRule, base: string): FolderFile[] {
  return [
    { path: `${base}.js`, text: script, secret: false },
    { path: `${base}.json`, text: json(metadata), secret: false },
  ]
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
