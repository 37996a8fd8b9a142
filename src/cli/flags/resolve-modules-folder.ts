import { resolve as resolvePath } from 'node:path'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { UsageError } from '../print/usage.ts'

/** Turns `--modules` into an engine's `modulesFolder`. @throws {UsageError} if there is no such folder */
export function resolveModulesFolder(modules: string | undefined): { readonly modulesFolder?: string } {
  if (modules === undefined) return {}
  if (!isFolder(modules)) {
    throw new UsageError(`--modules ${modules}: there is no such folder; give one that holds node_modules`)
  }
  return { modulesFolder: resolvePath(modules) }
}
