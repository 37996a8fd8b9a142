import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { readConfigurationFile, readRulesConfigs, type Configuration } from './folder-configuration.ts'
import { listFiles, isFile, isFolder } from './folder-files.ts'
import { readActions } from './read-actions.ts'
import { getBaseName, hasRuleExtension, readScript, readRules } from './read-rules.ts'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import type { RuleFile } from './rule-file.ts'

export interface FolderContent {
  readonly rules: readonly RuleFile[]
  readonly configuration: Configuration
}

const expectedContent = 'expected a folder of .js or .ts rules, or one such file'

/**
 * Reads the rules and the configuration at a path.
 *
 * The path is one of three:
 * - a folder of rules
 * - a folder of auth0-deploy-cli, which holds `rules` and perhaps `actions`
 * - one rule's file
 *
 * @throws {ClaimsmithError} INVALID_RULESET if there are no rules, or a file is not valid; messages repeat the path as given
 */
export function readFolder(path: string, maxSourceBytes: number): FolderContent {
  if (isFile(path) && hasRuleExtension(path)) {
    return { rules: [readScript(getBaseName(path), path, maxSourceBytes)], configuration: {} }
  }
  if (!isFolder(path)) {
    throw createRulesetError(`There are no rules at "${path}", which ${describeFile(path)}: ${expectedContent}.`, {
      path,
    })
  }
  const { root, folder, configuration, hasActions } = resolveLayout(path)
  const rules = [
    ...readRules({ root, folder, files: listFiles(folder) }, maxSourceBytes),
    ...(hasActions ? readActions(root, maxSourceBytes) : []),
  ]
  if (rules.length === 0) throw createRulesetError(`The folder "${path}" holds no rule: ${expectedContent}.`, { path })
  return { rules, configuration }
}

/** Describes what is in the place of rules. */
function describeFile(path: string): string {
  if (!isFile(path)) return existsSync(path) ? 'is no file' : 'does not exist'
  const [extension] = /(?:\.d)?\.\w+$/.exec(basename(path)) ?? []
  return extension === undefined ? 'is a file without .js or .ts' : `is a ${extension} file`
}

/** Returns the folder of a path to rules, which may be a file. */
export function resolveFolder(path: string): string {
  return resolve(isFile(path) ? dirname(path) : path)
}

/** Of two configuration values, the one nearer to the rules wins. */
function resolveLayout(path: string): {
  root: string
  folder: string
  configuration: Configuration
  hasActions: boolean
} {
  const rulesFolder = join(path, 'rules')
  if (isFolder(rulesFolder)) {
    const configs = { ...readRulesConfigs(join(path, 'rules-configs')), ...readConfigurationFile(path) }
    return {
      root: path,
      folder: rulesFolder,
      configuration: { ...configs, ...readConfigurationFile(rulesFolder) },
      hasActions: true,
    }
  }
  const root = basename(resolve(path)) === 'rules' ? join(path, '..') : path
  const configs = readRulesConfigs(join(root, 'rules-configs'))
  return {
    root,
    folder: path,
    configuration: { ...configs, ...readConfigurationFile(path) },
    hasActions: root === path,
  }
}
