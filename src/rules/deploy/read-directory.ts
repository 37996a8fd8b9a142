import { basename, join } from 'node:path'
import { listFiles } from '../folder/folder-files.ts'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import { toDeployedActions } from './to-deployed-actions.ts'
import type { DeployFiles } from './deploy-files.ts'
import {
  validateActionEntry,
  validateConfigEntry,
  validateRuleEntry,
  validateTriggers,
  type RuleEntry,
} from './entries.ts'
import type { DeployedRule, Tenant } from './tenant.ts'

/** Reads a deployment that is a folder of folders: the layout with `NAME.json`, or the older one with `NAME.js`. */
export function readDirectory(files: DeployFiles): Omit<Tenant, 'unresolvedKeywords'> {
  const listJsonFiles = (folder: string): string[] =>
    listFiles(join(files.root, folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${folder}/${file}`)
  const [triggersFile] = listJsonFiles('triggers')
  const triggers = triggersFile === undefined ? undefined : validateTriggers(files.readJson(triggersFile), triggersFile)
  const actionListings = listJsonFiles('actions').map((from) => {
    const entry = validateActionEntry(files.readJson(from), from)
    return { entry: { ...entry, name: entry.name ?? basename(from, '.json') }, from }
  })
  const configs = listJsonFiles('rules-configs').flatMap((from) => {
    const { key, value } = validateConfigEntry(files.readJson(from), from)
    // auth0-deploy-cli ignores files that hold `{}`.
    return value === undefined && key === undefined
      ? []
      : [[key ?? basename(from, '.json'), String(value ?? '')] as const]
  })
  return {
    rules: readDeployedRules(files, listJsonFiles('rules')),
    configuration: Object.fromEntries(configs),
    ...toDeployedActions(files, actionListings, triggers),
  }
}

function readDeployedRules(files: DeployFiles, metadataFiles: readonly string[]): readonly DeployedRule[] {
  const entries = new Map(
    metadataFiles.map((from) => [basename(from, '.json'), validateRuleEntry(files.readJson(from), from)]),
  )
  const isOlder = [...entries.values()].every(({ script }) => script === undefined)
  const scripts = listFiles(join(files.root, 'rules')).filter((file) => file.endsWith('.js'))
  const bases = isOlder ? scripts.map((file) => basename(file, '.js')) : [...entries.keys()]
  return bases.map((base) => toDeployedRule(files, entries.get(base) ?? {}, base))
}

function toDeployedRule(files: DeployFiles, entry: RuleEntry, base: string): DeployedRule {
  const { name = base, script = `${base}.js`, order, enabled, stage } = entry
  const path = files.find([`rules/${script}`, script])
  if (path === undefined) {
    const from = `rules/${base}.json`
    throw createRulesetError(`${from} names the script "${script}": expected a file inside "${files.root}".`, {
      file: from,
    })
  }
  return {
    name,
    script: files.readText(path),
    ...(order === undefined ? {} : { order }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(stage === undefined ? {} : { stage }),
  }
}
