import { resolve } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { described } from '../../errors/known-names.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'

/**
 * Finds the folder that the option `modulesFolder` names: its absolute path, or undefined if the option is not given.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if it is no path of a folder
 */
export function findModulesFolder(given: unknown): string | undefined {
  if (given === undefined) return undefined
  if (typeof given !== 'string')
    throw invalid(`modulesFolder is ${described(given)}; the path of a folder belongs there`)
  const folder = resolve(given)
  if (isFolder(folder)) return folder
  throw invalid(`modulesFolder: there is no folder ${folder}; give one that has node_modules, or is below one that has`)
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
