import { existsSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { findPrebuilt, listRequired } from './link-modules.ts'
import { isProvided, packageShims, packageSuccessors } from './module-catalogue.ts'
import { listNodeModules } from './node-modules-folders.ts'
import { readPrebuiltModules } from './prebuilt-modules.ts'
import { parseSpecifier } from './specifier.ts'

/**
 * Says where the modules of an expression are: `ours` if all are prebuilt, `missing` if only we could have one and do not, and
 * else `theirs`: packages of the user, which esbuild looks for in the folders.
 *
 * A package that is installed beside the rules goes before the one that we provide.
 */
export function locateModules(expression: string, folders: readonly string[]): 'ours' | 'theirs' | 'missing' {
  const places = listRequired(expression).map((specifier) => locateModule(specifier, folders))
  return places.find((place) => place !== 'ours') ?? 'ours'
}

function locateModule(specifier: string, folders: readonly string[]): 'ours' | 'theirs' | 'missing' {
  if (isOurs(specifier, folders)) return findPrebuilt(specifier) === undefined ? 'missing' : 'ours'
  return folders.length === 0 ? 'missing' : 'theirs'
}

function isOurs(specifier: string, folders: readonly string[]): boolean {
  if (specifier.startsWith('claimsmith:') || isBuiltin(specifier)) return true
  const name = parseSpecifier(specifier)?.name ?? ''
  return Object.hasOwn(packageShims, name) || (isProvided(name) && !isInstalled(name, folders))
}

/** Reads the version of a package that we provide; undefined if the specifier is of another one, or of a replacement of ours. */
export function readProvidedVersion(specifier: string): string | undefined {
  const name = parseSpecifier(specifier)?.name ?? ''
  const { versions } = readPrebuiltModules()
  return versions[packageSuccessors[name] ?? name]
}

function isInstalled(name: string, folders: readonly string[]): boolean {
  return folders.some((folder) => listNodeModules(folder).some((modules) => hasPackage(join(modules, name))))
}

/** An interrupted installation may leave an empty folder. */
function hasPackage(folder: string): boolean {
  return ['package.json', 'index.js'].some((file) => existsSync(join(folder, file)))
}
