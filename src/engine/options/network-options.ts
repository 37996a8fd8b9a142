import type { NetworkOptions } from '../../sandbox/wire/protocol.ts'
import type { EngineNetwork } from './engine-options.ts'

/** Builds what the workers know of the option `network`. */
export function toNetworkOptions({ allow = [], hosts, proxy, fetch }: EngineNetwork): NetworkOptions {
  return {
    allow,
    ...(hosts === undefined ? {} : { hosts }),
    ...(proxy === undefined ? {} : { proxy }),
    hasFetch: fetch !== undefined,
  }
}
