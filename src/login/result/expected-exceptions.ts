import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { type OAuthError, oauthError } from './result.ts'

/** Exceptions that a rule, a client or a concurrent change causes, and the error of each. */
const expectedExceptions: Partial<Record<ErrorCode, (error: ClaimsmithError) => OAuthError>> = {
  // The rules set claims that are too large, which fails the login, as in Auth0.
  TOKEN_TOO_LARGE: ({ message }) => oauthError('server_error', message),
  STORE_CONFLICT: () => oauthError('invalid_grant', 'The user was deleted, blocked or logged out while logging in.'),
}

/** Maps an expected exception to its OAuth error; rethrows any other. */
export function toOAuthErrorOrRethrow(error: unknown): OAuthError {
  const expected = error instanceof ClaimsmithError ? expectedExceptions[error.code]?.(error) : undefined
  if (expected === undefined) throw error
  return expected
}
