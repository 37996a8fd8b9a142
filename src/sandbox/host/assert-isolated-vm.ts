import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/**
 * Asserts that workers will find a binary of isolated-vm, without loading it.
 *
 * isolated-vm is an optional dependency: npm installs the rest if it cannot be compiled, or if this Node.js is too old for it.
 *
 * @param from the file that requires isolated-vm
 * @throws {ClaimsmithError} SANDBOX_FAILED if it is not installed, or has no binary for this Node.js and platform
 */
export function assertIsolatedVm(from: string | URL): void {
  const entry = resolveEntry(from)
  // isolated-vm finds its binary this way. One that was compiled here takes precedence over the prebuilt ones.
  const { resolve } = createRequire(entry)('node-gyp-build') as { readonly resolve: (folder: string) => string }
  try {
    resolve(dirname(entry))
  } catch (cause) {
    const remedy = 'run `npm rebuild isolated-vm` where Python and a C++ compiler are installed'
    throw toUnavailableError(
      `has no binary for ${describeTarget()}; use a version and platform that has one, or ${remedy}`,
      cause,
    )
  }
}

function resolveEntry(from: string | URL): string {
  try {
    return createRequire(from).resolve('isolated-vm')
  } catch (cause) {
    const reasons = `on an older Node.js, with --omit=optional, or if there is no binary for ${describeTarget()}`
    throw toUnavailableError(
      `is not installed: run \`npm install\` with this Node.js; npm leaves it out ${reasons} and none can be compiled`,
      cause,
    )
  }
}

function describeTarget(): string {
  const { platform, arch, versions } = process
  return `Node.js ${versions.node} on ${platform}-${arch}`
}

function toUnavailableError(what: string, cause: unknown): ClaimsmithError {
  const message = `isolated-vm, which runs the rules, ${what} (docs/faq.md#which-versions-of-node-work)`
  return new ClaimsmithError('SANDBOX_FAILED', message, { cause })
}
