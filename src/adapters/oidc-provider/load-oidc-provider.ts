import type * as OidcProvider from 'oidc-provider'
import { requirePeer } from '../../errors/require-peer.ts'

/**
 * Loads oidc-provider, which only users of this entry point install.
 *
 * @throws {ClaimsmithError} PACKAGE_MISSING if it is not installed
 */
export function loadOidcProvider(): typeof OidcProvider {
  return requirePeer('oidc-provider', 'createProviderRules()') as typeof OidcProvider
}
