import { type Result, oauthError, succeed } from '../result/result.ts'

const defaultScope = 'openid profile email'

/** The names in a scope parameter, each once. */
export function parseScopes(scope = defaultScope): string[] {
  return [...new Set(scope.split(' ').filter((name) => name !== ''))]
}

/**
 * What a user's login may be granted of what is asked.
 *
 * Any scope of any API goes, as in Auth0, where rules narrow it; but of this server's own Management API a user gets only
 * what concerns themselves, such as `read:current_user`.
 */
export function parseUserScopes(
  requestedScope: string | undefined,
  audience: string,
  issuer: string,
): Result<string[]> {
  const names = parseScopes(requestedScope)
  // RFC 6749, 3.3
  if (!names.every((name) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(name))) {
    return oauthError('invalid_scope', 'The scope holds a character that scopes may not have.')
  }
  return succeed(isManagementApi(audience, issuer) ? names.filter(isAllowedForUser) : names)
}

function isManagementApi(audience: string, issuer: string): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined
  return url?.origin === new URL(issuer).origin && /\/api\/v2\/?$/i.test(url.pathname)
}

function isAllowedForUser(name: string): boolean {
  return !name.includes(':') || /:current_user(_|$)/.test(name)
}
