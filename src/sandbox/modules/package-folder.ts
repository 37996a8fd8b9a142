import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const belowNodeModules = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/

/**
 * Finds the folder of the package that a file belongs to; undefined if it belongs to none.
 *
 * A linked package has its real path outside of any `node_modules`: its folder is the nearest with a named manifest.
 */
export function findPackageFolder(file: string): string | undefined {
  return belowNodeModules.exec(file)?.[0] ?? findNamedFolder(dirname(file))
}

function findNamedFolder(folder: string): string | undefined {
  if (readManifest(folder)?.name !== undefined) return folder
  const parent = dirname(folder)
  return parent === folder ? undefined : findNamedFolder(parent)
}

/** Reads the version of the package in a folder; undefined if it has none. */
export function readPackageVersion(folder: string): string | undefined {
  const version = readManifest(folder)?.version
  return typeof version === 'string' ? version : undefined
}

/** Undefined if the manifest cannot be read. */
function readManifest(folder: string): { readonly name?: unknown; readonly version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown; version?: unknown }
  } catch {
    return undefined
  }
}
