import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'

/**
 * Lets a process pass whose workers will find a binary of isolated-vm, without loading it.
 *
 * isolated-vm is an optional dependency: npm goes on without it if it cannot be compiled, or if this Node.js is too old for it.
 * `from` is the file that requires it.
 *
 * @throws {ClaimsmithError} SANDBOX_FAILED if it is not installed, or has no binary for this Node.js and platform
 */
export function assertIsolatedVm(from: string | URL): void {
  const entry = resolveEntry(from)
  try {
    findResolver(entry)?.(dirname(entry))
  } catch (cause) {
    const { version, platform, arch, versions } = process
    const target = `Node.js ${version.slice(1)} (ABI ${versions.modules}) on ${platform}-${arch}`
    const cure =
      'use a version and platform of "Node versions" in the README, or run `npm rebuild isolated-vm` where Python and a C++ compiler are installed'
    throw unavailable(`has no binary for ${target}; ${cure}`, cause)
  }
}

/** What isolated-vm finds its binary with; undefined if a later release does so in another way, which only a worker can try. */
function findResolver(entry: string): ((folder: string) => string) | undefined {
  const require = createRequire(entry)
  try {
    return (require('node-gyp-build') as { readonly resolve: (folder: string) => string }).resolve
  } catch {
    return undefined
  }
}

function resolveEntry(from: string | URL): string {
  try {
    return createRequire(from).resolve('isolated-vm')
  } catch (cause) {
    const reasons = 'npm leaves it out on an older Node.js, with --omit=optional, and if it cannot be compiled'
    throw unavailable(`is not installed; install again with this Node.js (${reasons})`, cause)
  }
}

function unavailable(what: string, cause: unknown): ClaimsmithError {
  return new ClaimsmithError('SANDBOX_FAILED', `isolated-vm, which runs the rules, ${what}`, { cause })
}
