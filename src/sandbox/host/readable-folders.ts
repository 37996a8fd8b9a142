import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { assertIsolatedVm } from './assert-isolated-vm.ts'
import { findPackageFolder, readPackageVersion } from '../modules/package-folder.ts'
import { assertSafeRelease } from './unsafe-releases.ts'

/**
 * Lists the folders that a worker loads code from: our package, the two packages that its bundle requires, and the `node_modules`
 * around each. The paths have no links, because a package manager may link packages into `node_modules` from anywhere.
 *
 * @throws {ClaimsmithError} SANDBOX_FAILED if isolated-vm is not installed, has no binary for this Node.js and platform, or if
 *   it or this Node.js has a known hole
 */
export function findReadableFolders(packageFolder: string): string[] {
  const manifest = join(packageFolder, 'package.json')
  assertIsolatedVm(manifest)
  const require = createRequire(manifest)
  assertSafeRelease('Node.js', process.versions.node)
  assertSafeRelease(
    'isolated-vm',
    readPackageVersion(findPackageFolder(require.resolve('isolated-vm')) ?? '') ?? '0.0.0',
  )
  const requireFromIsolatedVm = createRequire(require.resolve('isolated-vm'))
  const files = [
    manifest,
    ...['isolated-vm', 'undici'].map((name) => require.resolve(name)),
    // isolated-vm finds its binary with it.
    requireFromIsolatedVm.resolve('node-gyp-build'),
  ]
  const folders = files.map(findOutermostModules).filter((folder) => folder !== undefined)
  return [...new Set([packageFolder, ...folders])]
}

/** Finds the outermost `node_modules` that a file is in, or the folder of its package if it is in none. */
function findOutermostModules(file: string): string | undefined {
  const marker = `${sep}node_modules${sep}`
  const index = file.indexOf(marker)
  return index < 0 ? findPackageFolder(file) : file.slice(0, index + marker.length)
}
