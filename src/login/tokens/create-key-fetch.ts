import type { EngineNetwork } from '../../engine/options/engine-options.ts'
import { toNetworkOptions } from '../../engine/options/network-options.ts'
import { createParentFetch } from '../../sandbox/net/host/parent-fetch.ts'
import { type FetchKeys, keySetLimits } from '../../tokens/key-sets.ts'

/**
 * Creates the fetch of identity providers' keys. Whoever may change a connection chooses the address, so that it keeps to the
 * network policy of rules. Clients do not learn why it was refused; a warning of the process says it.
 */
export function createKeyFetch(network: EngineNetwork): FetchKeys {
  const fetchKeys = createParentFetch(toNetworkOptions(network), keySetLimits)
  return async (url, headers, signal) => {
    try {
      return await fetchKeys(url, headers, signal)
    } catch (error) {
      const { code, message } = error as { readonly code?: unknown; readonly message: string }
      if (code === 'NETWORK_REFUSED')
        process.emitWarning(`the keys of an identity provider were not fetched: ${message}`)
      throw error
    }
  }
}
