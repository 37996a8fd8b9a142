import { createRequire } from 'node:module'
import type * as Undici from 'undici'

const require = createRequire(import.meta.url)

/**
 * Loads the HTTP client with the first request: loading takes longer than everything else that a worker does before its
 * first run. It loads synchronously, so that a request that the last rule does not wait for is sent before its run ends.
 */
export function loadHttpClient(): typeof Undici {
  return require('undici') as typeof Undici
}
