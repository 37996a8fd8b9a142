import { renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { isFile } from '../../rules/folder/folder-files.ts'
import { readFolder } from '../../rules/folder/folder.ts'
import { inOrder, sourceOf } from '../../rules/ruleset/ruleset.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import type { HomeRule, RulesHome } from './rules-home.ts'

const maxSourceBytes = 100_000

/** What a new file may be called: nothing that would leave the folder, or be hidden in it. */
const fileName = /^[\w][\w .-]{0,99}$/

/**
 * The rules of a folder, or the one rule of a file: an edited one is written to its file, a new one to a new file.
 *
 * `given` wins over the folder's own configuration.
 */
export function createFolderHome(path: string, given: Readonly<Record<string, string>> = {}): RulesHome {
  const read = (): readonly RuleFile[] => inOrder(readFolder(path, maxSourceBytes).rules)

  function fileOf(name: string): string {
    const known = read().find((rule) => rule.name === name)
    if (known !== undefined) return known.file
    const isOne = isFile(path)
    if (!isOne && fileName.test(name)) return join(path, `${name}.js`)
    const right = isOne ? 'claimsmith dev watches one file; give it a folder' : 'use letters, digits, spaces, . - _'
    throw new ClaimsmithError('INVALID_ARGUMENT', `A rule cannot be saved as "${name}": ${right}.`)
  }

  return {
    savesTo: 'folder',
    async read() {
      const { configuration } = readFolder(path, maxSourceBytes)
      return {
        rules: read().map((rule): HomeRule => ({ ...rule, place: 'folder' })),
        configuration: { ...configuration, ...given },
      }
    },
    async save({ name, script }) {
      const file = fileOf(name)
      sourceOf({ name, script, file: shown(file) }, { onError: 'deny', secrets: {} })
      // At once or not at all: whoever watches never reads half a rule.
      const draft = `${file}.saving`
      writeFileSync(draft, script)
      renameSync(draft, file)
      return { name, script, file, place: 'folder' }
    },
  }
}

function shown(file: string): string {
  const fromHere = relative('.', file)
  return fromHere.startsWith('..') ? file : fromHere
}
