import { createRequire } from 'node:module'
import type * as Undici from 'undici'

const require = createRequire(import.meta.url)

/**
 * The HTTP client. Loading it takes longer than all else that a worker does before its first login, so it waits for a rule
 * that calls out; from then on it is there at once, so that what a last rule asks for, and does not wait for, is under way
 * when its login is told to be over.
 */
export function loadHttpClient(): typeof Undici {
  return require('undici') as typeof Undici
}
