import { renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { isFile } from '../../rules/folder/folder-files.ts'
import { readFolder } from '../../rules/folder/read-folder.ts'
import { sortByOrder, loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import type { RepositoryRule, RuleRepository } from './rule-repository.ts'

const maxSourceBytes = 100_000

/** The name of a new file: one outside the folder, or a hidden one, is not allowed. */
const fileNamePattern = /^[\w][\w .-]{0,99}$/

/**
 * Reads and saves the rules of a folder, or the one rule of a file.
 *
 * An edited rule is written to its file, a new one to a new file. `configurationOverrides` takes precedence over the
 * configuration in the folder.
 */
export function createFolderRuleRepository(
  path: string,
  configurationOverrides: Readonly<Record<string, string>> = {},
): RuleRepository {
  const readRules = (): readonly RuleFile[] => sortByOrder(readFolder(path, maxSourceBytes).rules)

  function resolveFile(name: string): string {
    const existing = readRules().find((rule) => rule.name === name)
    if (existing !== undefined) return existing.file
    const isSingleFile = isFile(path)
    if (!isSingleFile && fileNamePattern.test(name)) return join(path, `${name}.js`)
    const advice = isSingleFile
      ? 'claimsmith dev watches one file; give it a folder'
      : 'use letters, digits, spaces, . - _'
    throw new ClaimsmithError('INVALID_ARGUMENT', `A rule cannot be saved as "${name}": ${advice}.`)
  }

  return {
    savesTo: 'folder',
    async read() {
      const { configuration } = readFolder(path, maxSourceBytes)
      return {
        rules: readRules().map((rule): RepositoryRule => ({ ...rule, place: 'folder' })),
        configuration: { ...configuration, ...configurationOverrides },
      }
    },
    async save({ name, script }) {
      const file = resolveFile(name)
      loadRuleFile({ name, script, file: toRelativePath(file) }, { onError: 'deny', secrets: {} })
      // Written by a rename: a program that watches the folder never reads half a rule.
      const draft = `${file}.saving`
      writeFileSync(draft, script)
      renameSync(draft, file)
      return { name, script, file, place: 'folder' }
    },
  }
}

function toRelativePath(file: string): string {
  const relativePath = relative('.', file)
  return relativePath.startsWith('..') ? file : relativePath
}
