import { createRequire } from 'node:module'
import { explainMissingPeer } from './explain-missing-peer.ts'

const require = createRequire(import.meta.url)

/**
 * Loads an optional peer dependency when it is needed.
 *
 * @param user what needs it, as the subject of the message
 * @throws {ClaimsmithError} PACKAGE_MISSING if it is not installed
 */
export function requirePeer(name: string, user: string): unknown {
  try {
    return require(name)
  } catch (cause) {
    throw explainMissingPeer(name, user, cause)
  }
}
