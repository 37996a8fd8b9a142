import { resolve } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { describeType } from '../../errors/known-names.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'

/**
 * Finds the folder that the option `modulesFolder` names: its absolute path, or undefined if the option is not given.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if it is no path of a folder
 */
export function findModulesFolder(path: unknown): string | undefined {
  if (path === undefined) return undefined
  if (typeof path !== 'string')
    throw createArgumentError(`modulesFolder is ${describeType(path)}; the path of a folder belongs there`)
  const folder = resolve(path)
  if (isFolder(folder)) return folder
  throw createArgumentError(
    `modulesFolder: there is no folder ${folder}; give one that has node_modules, or is below one that has`,
  )
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
