import { resolve as resolvePath } from 'node:path'
import { assertPath } from './assert-path.ts'

/** Turns `--modules` into an engine's `modulesFolder`. @throws {UsageError} if there is no such folder */
export function resolveModulesFolder(modules: string | undefined): { readonly modulesFolder?: string } {
  if (modules === undefined) return {}
  assertPath('folder', modules, '--modules')
  return { modulesFolder: resolvePath(modules) }
}
