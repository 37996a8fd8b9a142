import { resolve as absolute } from 'node:path'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { UsageError } from '../print/usage.ts'

/** What `--modules` says, for an engine's `modulesFolder`. @throws {UsageError} where there is no such folder */
export function resolveModulesFolder(modules: string | undefined): { readonly modulesFolder?: string } {
  if (modules === undefined) return {}
  if (!isFolder(modules)) {
    throw new UsageError(`--modules ${modules}: there is no such folder; give one that holds node_modules`)
  }
  return { modulesFolder: absolute(modules) }
}
