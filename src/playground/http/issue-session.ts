import { isIP } from 'node:net'
import { type ManagementError, managementError } from '../../http/management/operation-result.ts'
import { clientScopes } from '../../http/management/scopes.ts'
import type { TokenIssuer } from '../../tokens/issuer.ts'
import type { Session } from './api-types.ts'

/** `open`: whoever opens the page may use it. `token`: who brings a token of the Management API. */
export type Access = 'open' | 'token'

const tokenSeconds = 3_600

/** Answers how the page is to identify itself; where the playground is open, with a token that every call takes. */
export async function issueSession(
  request: Request,
  access: Access,
  issuer: TokenIssuer,
): Promise<Session | ManagementError> {
  const audience = `${issuer.issuer}/api/v2/`
  if (access === 'token') return { access, audience }
  if (!isOwnPage(request)) {
    return managementError(
      403,
      undefined,
      'The playground answers its own page only: open it as localhost, or by an address.',
    )
  }
  const token = await issuer.signAccessToken({
    sub: 'playground@clients',
    audience,
    clientId: 'playground',
    scope: clientScopes.join(' '),
    ruleClaims: {},
    expiresInSeconds: tokenSeconds,
  })
  return { access, token }
}

/**
 * Whether our own page asks, and not one that somebody else made: a site can send a browser here by any name that it
 * points at this machine, but neither by an address nor as localhost.
 */
function isOwnPage(request: Request): boolean {
  const { host, hostname } = new URL(request.url)
  const isLocalName = hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin'
  const origin = request.headers.get('origin')
  const isSameOrigin = origin === null || (URL.canParse(origin) && new URL(origin).host === host)
  return isLocalName && isSameOrigin && (site === 'same-origin' || site === 'none')
}
