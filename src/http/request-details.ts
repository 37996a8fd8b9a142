import { isIP } from 'node:net'
import { oauthError } from '../login/result/result.ts'
import type { RequestDetails } from '../login/run/transaction.ts'
import type { BodyParameters } from './body.ts'

/** What the listener knows about a request, beside the request itself. */
export interface ConnectionInfo {
  readonly ip?: string | undefined
  /** What the response has in `X-Request-Id`; only hooks of `createAuthServer` get it. */
  readonly requestId?: string | undefined
}

const secretParameters = new Set([
  'password',
  'client_secret',
  'refresh_token',
  'client_assertion',
  'assertion',
  'id_token',
  'access_token',
])

/** Without passwords and tokens. Rules get all of it, within the same limit as the profile. */
const maxDetailsLength = 16_384

export const requestTooLargeError = oauthError(
  'request_too_large',
  `The parameters are larger than ${maxDetailsLength} characters together.`,
)

export function isTooLarge(details: RequestDetails): boolean {
  return JSON.stringify(details).length > maxDetailsLength
}

/** Reads the details of the request that rules get. */
export function readRequestDetails(request: Request, body: BodyParameters, { ip }: ConnectionInfo): RequestDetails {
  const url = new URL(request.url)
  const userAgent = request.headers.get('user-agent')
  return {
    hostname: url.hostname,
    query: omitSecrets(url.searchParams),
    body: omitSecrets(Object.entries(body)),
    ...(ip === undefined ? {} : { ip: ip.replace(/^::ffff:(?=\d+\.)/i, '') }),
    ...(userAgent === null ? {} : { userAgent }),
  }
}

function omitSecrets(parameters: Iterable<[string, string]>): Record<string, string> {
  return Object.fromEntries([...parameters].filter(([name]) => !secretParameters.has(name)))
}

/** Takes the address that the nearest proxy saw, the last of `X-Forwarded-For`. The client can forge those before it. */
export function applyForwardedFor(request: Request, connectionInfo: ConnectionInfo): ConnectionInfo {
  const address = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? ''
  return isIP(address) === 0 ? connectionInfo : { ...connectionInfo, ip: address }
}
