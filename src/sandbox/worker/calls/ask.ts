import type { SandboxLimits } from '../../wire/limits.ts'
import { cryptoCalls } from '../crypto/crypto-calls.ts'
import type { SeededCrypto } from '../crypto/seeded-crypto.ts'
import type { OperationCost } from './operation-cost.ts'
import { decodeSessionToken, encodeSessionToken } from './session-token.ts'
import { type ZlibInput, runZlib } from './run-zlib.ts'

/** Questions that are answered at once. Each takes and returns text, and throws if the input is bad. */
const askHandlers: Readonly<Record<string, (input: string, context: AskContext) => string>> = {
  url(input) {
    const {
      input: text,
      base,
      part,
      value,
    } = JSON.parse(input) as { input: string; base?: string; part?: UrlPart; value?: string }
    if (!URL.canParse(text, base)) throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })
    const url = new URL(text, base)
    if (part !== undefined && value !== undefined) url[part] = value
    const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url
    return JSON.stringify({
      href,
      origin,
      protocol,
      username,
      password,
      host,
      hostname,
      port,
      pathname,
      search,
      hash,
    })
  },
  crypto(input, { admit, seededCrypto = noSeededCrypto }) {
    const { call, value } = JSON.parse(input) as { call: string; value: never }
    const handlers = Object.hasOwn(seededCrypto, call) ? seededCrypto : cryptoCalls
    const handler = Object.hasOwn(handlers, call) ? handlers[call] : undefined
    if (handler === undefined) throw new Error('no such function of crypto')
    return JSON.stringify(handler(value, admit))
  },
  zlib: (input, { limits, admit }) => runZlib(JSON.parse(input) as ZlibInput, limits.maxResponseBytes, admit),
  'session-token.encode': encodeSessionToken,
  'session-token.decode': decodeSessionToken,
  'url.with-query'(input) {
    const { url: text, query } = JSON.parse(input) as { url: string; query: Readonly<Record<string, unknown>> }
    if (!URL.canParse(text)) throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' })
    const url = new URL(text)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    return url.href
  },
  pairs: (input) => JSON.stringify([...new URLSearchParams(input)]),
  query: (input) => new URLSearchParams(JSON.parse(input) as [string, string][]).toString(),
}

/** The questions whose answers no longer show a placeholder that was in the input. */
export const processingAsks: ReadonlySet<string> = new Set([
  'crypto',
  'zlib',
  'session-token.encode',
  'session-token.decode',
])

type UrlPart =
  | 'href'
  | 'protocol'
  | 'username'
  | 'password'
  | 'host'
  | 'hostname'
  | 'port'
  | 'pathname'
  | 'search'
  | 'hash'

/** Whom a question is answered for. */
export interface AskContext {
  readonly limits: Pick<SandboxLimits, 'maxResponseBytes'>
  /** Lets the work start; throws if it would cost more CPU than the rule has left. */
  readonly admit: (cost: OperationCost) => void
  /** Present if the randomness of the run follows from a seed. */
  readonly seededCrypto?: SeededCrypto | undefined
}

const noSeededCrypto: SeededCrypto = {}

export function ask(name: string, input: string, context: AskContext): string {
  const handler = Object.hasOwn(askHandlers, name) ? askHandlers[name] : undefined
  if (handler === undefined) throw new Error(`the host has no function ${name}`)
  return handler(input, context)
}
