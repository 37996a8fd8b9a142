import { basename, join } from 'node:path'
import { filesIn } from '../folder/folder-files.ts'
import { rulesetError } from '../ruleset/refusal.ts'
import { deployedActions } from './actions.ts'
import type { DeployFiles } from './deploy-files.ts'
import { asAction, asConfig, asRule, asTriggers, type RuleEntry } from './entries.ts'
import type { DeployedRule, Tenant } from './tenant.ts'

/** Reads a deployment that is a folder of folders, of the layout with `NAME.json` and of the older one with `NAME.js`. */
export function readDirectory(files: DeployFiles): Omit<Tenant, 'unresolved'> {
  const jsonOf = (folder: string): string[] =>
    filesIn(join(files.root, folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${folder}/${file}`)
  const [triggersFile] = jsonOf('triggers')
  const triggers = triggersFile === undefined ? undefined : asTriggers(files.json(triggersFile), triggersFile)
  const listed = jsonOf('actions').map((from) => {
    const entry = asAction(files.json(from), from)
    return { entry: { ...entry, name: entry.name ?? basename(from, '.json') }, from }
  })
  const configs = jsonOf('rules-configs').flatMap((from) => {
    const { key, value } = asConfig(files.json(from), from)
    // auth0-deploy-cli passes over files that hold `{}`.
    return value === undefined && key === undefined
      ? []
      : [[key ?? basename(from, '.json'), String(value ?? '')] as const]
  })
  return {
    rules: rulesOf(files, jsonOf('rules')),
    configuration: Object.fromEntries(configs),
    ...deployedActions(files, listed, triggers),
  }
}

function rulesOf(files: DeployFiles, described: readonly string[]): readonly DeployedRule[] {
  const entries = new Map(described.map((from) => [basename(from, '.json'), asRule(files.json(from), from)]))
  const isOlder = [...entries.values()].every(({ script }) => script === undefined)
  const scripts = filesIn(join(files.root, 'rules')).filter((file) => file.endsWith('.js'))
  const bases = isOlder ? scripts.map((file) => basename(file, '.js')) : [...entries.keys()]
  return bases.map((base) => deployedRule(files, entries.get(base) ?? {}, base))
}

function deployedRule(files: DeployFiles, entry: RuleEntry, base: string): DeployedRule {
  const { name = base, script = `${base}.js`, order, enabled, stage } = entry
  const path = files.find([`rules/${script}`, script])
  if (path === undefined) {
    const from = `rules/${base}.json`
    throw rulesetError(`${from} names the script "${script}": expected a file inside "${files.root}".`, { file: from })
  }
  return {
    name,
    script: files.text(path),
    ...(order === undefined ? {} : { order }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(stage === undefined ? {} : { stage }),
  }
}
