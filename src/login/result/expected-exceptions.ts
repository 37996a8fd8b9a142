import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { type OAuthError, oauthError } from './result.ts'

/** The exceptions that are no fault of ours. */
const expectedExceptions: Partial<Record<ErrorCode, (error: ClaimsmithError) => OAuthError>> = {
  // The rules put claims there that do not fit, so they fail the login, as in Auth0.
  TOKEN_TOO_LARGE: ({ message }) => oauthError('server_error', message),
  STORE_CONFLICT: () => oauthError('invalid_grant', 'The user was deleted, blocked or logged out while logging in.'),
}

/** Turns such an exception into a failure; throws any other. */
export function toOAuthErrorOrRethrow(error: unknown): OAuthError {
  const expected = error instanceof ClaimsmithError ? expectedExceptions[error.code]?.(error) : undefined
  if (expected === undefined) throw error
  return expected
}
