import { type Result, oauthError, succeed } from '../result/result.ts'

const defaultScope = 'openid profile email'

/** Splits a scope parameter into its names, without duplicates. */
export function parseScopes(scope = defaultScope): string[] {
  return [...new Set(scope.split(' ').filter((name) => name !== ''))]
}

/**
 * Reduces a requested scope to the names that a user's login may be granted.
 *
 * Any scope of any API is allowed, as in Auth0, and rules may narrow it. Of this server's own Management API, a user gets
 * only scopes about themselves, such as `read:current_user`.
 */
export function parseUserScopes(
  requestedScope: string | undefined,
  audience: string,
  issuer: string,
): Result<string[]> {
  const names = parseScopes(requestedScope)
  // RFC 6749, 3.3
  if (!names.every((name) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(name))) {
    return oauthError('invalid_scope', 'The scope holds a character that RFC 6749, 3.3 does not allow.')
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
