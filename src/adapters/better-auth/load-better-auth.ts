import type * as Context from '@better-auth/core/context'
import type * as Api from 'better-auth/api'
import { requirePeer } from '../../errors/require-peer.ts'

type BetterAuth = Pick<typeof Api, 'APIError'> & Pick<typeof Context, 'getCurrentAuthEndpointContext'>

/**
 * Loads what the adapter uses of better-auth, which only users of this entry point install.
 *
 * @throws {ClaimsmithError} PACKAGE_MISSING if a package of it is not installed
 */
export function loadBetterAuth(): BetterAuth {
  const user = 'createBetterAuthRules()'
  const { APIError } = requirePeer('better-auth/api', user) as typeof Api
  const { getCurrentAuthEndpointContext } = requirePeer('@better-auth/core/context', user) as typeof Context
  return { APIError, getCurrentAuthEndpointContext }
}
