import { isIP } from 'node:net'
import { fail } from '../login/result/result.ts'
import type { RequestFacts } from '../login/run/transaction.ts'
import type { Parameters } from './body.ts'

/** What the listener knows of a request beside the request. */
export interface ConnectionFacts {
  readonly ip?: string | undefined
}

const secrets = new Set([
  'password',
  'client_secret',
  'refresh_token',
  'client_assertion',
  'assertion',
  'id_token',
  'access_token',
])

/** Beside passwords and tokens; rules get all of it, and their profile must still fit into their limit. */
const maxFactsLength = 16_384

export const tooLarge = fail(
  'request_too_large',
  `The parameters are larger than ${maxFactsLength} characters together.`,
)

export function isTooLarge(facts: RequestFacts): boolean {
  return JSON.stringify(facts).length > maxFactsLength
}

/** What rules may know of the request. */
export function requestFacts(request: Request, body: Parameters, { ip }: ConnectionFacts): RequestFacts {
  const url = new URL(request.url)
  const userAgent = request.headers.get('user-agent')
  return {
    hostname: url.hostname,
    query: withoutSecrets(url.searchParams),
    body: withoutSecrets(Object.entries(body)),
    ...(ip === undefined ? {} : { ip: ip.replace(/^::ffff:(?=\d+\.)/i, '') }),
    ...(userAgent === null ? {} : { userAgent }),
  }
}

function withoutSecrets(parameters: Iterable<[string, string]>): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([name]) => !secrets.has(name)))
}

/** The address that the nearest proxy saw: the last of `X-Forwarded-For`, for whoever asks can write those before it. */
export function behindProxy(request: Request, facts: ConnectionFacts): ConnectionFacts {
  const last = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  return isIP(last) === 0 ? facts : { ...facts, ip: last }
}
