import { existsSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isFile, isFolder } from '../../rules/folder/folder-files.ts'
import { UsageError } from '../usage-error.ts'

const isThere = {
  file: isFile,
  folder: isFolder,
  'file or folder': (path: string): boolean => isFile(path) || isFolder(path),
}

/**
 * Asserts that a path of the command line leads to a file or folder. Without `flag`, it is the argument of the command.
 *
 * @throws {UsageError} in the one form that every command has for this mistake
 */
export function assertPath(kind: keyof typeof isThere, path: string, flag?: string): void {
  if (isThere[kind](path)) return
  const label = labelPath(path, flag)
  if (!existsSync(path)) throw new UsageError(`${label}: there is no such ${kind}`)
  throw new UsageError(`${label}: this is ${isFolder(path) ? 'a folder' : 'no folder'}; give a ${kind}`)
}

/** Asserts that a command can write into a folder without overwriting anything. @throws {UsageError} */
export function assertEmptyFolder(path: string, flag: string): void {
  if (!existsSync(path)) return
  assertPath('folder', path, flag)
  if (readdirSync(path).length === 0) return
  throw new UsageError(
    `${labelPath(path, flag)}: the folder is not empty, and nothing is overwritten; empty it, or give another`,
  )
}

/** Asserts that a file can be created in its folder, and is no folder itself. @throws {UsageError} */
export function assertOutputFile(path: string, flag: string): void {
  if (isFolder(path)) assertPath('file', path, flag)
  if (!isFolder(dirname(path))) throw new UsageError(`${labelPath(path, flag)}: there is no folder ${dirname(path)}`)
}

/** Labels a path in a message with its flag; without one, it is the argument of the command or a file found by itself. */
export function labelPath(path: string, flag: string | undefined): string {
  return flag === undefined ? path : `${flag} ${path}`
}
