import { isIP } from 'node:net'
import { type ManagementError, managementError } from '../../http/management/operation-result.ts'
import { clientScopes } from '../../http/management/scopes.ts'
import type { TokenIssuer } from '../../tokens/issuer.ts'
import type { Session } from './api-types.ts'

/** `open`: everybody who can open the page may use it. `token`: callers need a token of the Management API. */
export type Access = 'open' | 'token'

const tokenSeconds = 3_600

/** Tells the page how to authenticate. If the playground is open, the response holds a token for all calls. */
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
      'The playground answers its own page only: open it as localhost, or by an IP address.',
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
 * Checks that our own page sent the request.
 *
 * Another site can make a browser call this machine under a name of its domain that resolves here (DNS rebinding), but
 * neither by an IP address nor as localhost.
 */
function isOwnPage(request: Request): boolean {
  const { host, hostname } = new URL(request.url)
  const isLocalName = hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin'
  const origin = request.headers.get('origin')
  const isSameOrigin = origin === null || (URL.canParse(origin) && new URL(origin).host === host)
  return isLocalName && isSameOrigin && (site === 'same-origin' || site === 'none')
}
