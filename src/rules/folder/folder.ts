import { basename, dirname, join, resolve } from 'node:path'
import { configurationFile, rulesConfigs, type Configuration } from './folder-configuration.ts'
import { filesIn, isFile, isFolder } from './folder-files.ts'
import { actionsIn } from './folder-actions.ts'
import { baseOf, hasRuleExtension, readScript, rulesIn } from './folder-rules.ts'
import { rulesetError } from '../ruleset/refusal.ts'
import type { RuleFile } from './rule-file.ts'

export interface FolderContent {
  readonly rules: readonly RuleFile[]
  readonly configuration: Configuration
}

const right = 'expected a folder of .js or .ts rules, or one such file'

/**
 * Reads the rules and the configuration at a path: a folder of rules, a folder that holds such a folder under the name
 * `rules`, as auth0-deploy-cli writes it, with its actions beside them, or one file, which is that rule alone.
 *
 * @throws {ClaimsmithError} INVALID_RULESET with the path as it was given
 */
export function readFolder(path: string, maxSourceBytes: number): FolderContent {
  if (isFile(path) && hasRuleExtension(path)) {
    return { rules: [readScript(baseOf(path), path, maxSourceBytes)], configuration: {} }
  }
  if (!isFolder(path)) throw rulesetError(`There are no rules at "${path}": ${right}.`, { path })
  const { root, folder, configuration, hasActions } = layoutOf(path)
  const rules = [
    ...rulesIn({ root, folder, files: filesIn(folder) }, maxSourceBytes),
    ...(hasActions ? actionsIn(root, maxSourceBytes) : []),
  ]
  if (rules.length === 0) throw rulesetError(`The folder "${path}" holds no rule: ${right}.`, { path })
  return { rules, configuration }
}

/** The folder that a path to rules stands for. */
export function folderOf(path: string): string {
  return resolve(isFile(path) ? dirname(path) : path)
}

/** The nearer to the rules a value is, the more it counts. */
function layoutOf(path: string): { root: string; folder: string; configuration: Configuration; hasActions: boolean } {
  const inside = join(path, 'rules')
  if (isFolder(inside)) {
    const configs = { ...rulesConfigs(join(path, 'rules-configs')), ...configurationFile(path) }
    return { root: path, folder: inside, configuration: { ...configs, ...configurationFile(inside) }, hasActions: true }
  }
  const root = basename(resolve(path)) === 'rules' ? join(path, '..') : path
  const configs = rulesConfigs(join(root, 'rules-configs'))
  return { root, folder: path, configuration: { ...configs, ...configurationFile(path) }, hasActions: root === path }
}
