import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { type Failure, fail } from './result.ts'

/** The exceptions that are no fault of ours. */
const failures: Partial<Record<ErrorCode, (error: ClaimsmithError) => Failure>> = {
  // The rules put claims there that do not fit, so they fail the login, as in Auth0.
  TOKEN_TOO_LARGE: ({ message }) => fail('server_error', message),
  STORE_CONFLICT: () => fail('invalid_grant', 'The user was deleted, blocked or logged out while logging in.'),
}

/** Turns such an exception into a failure; throws any other. */
export function failureOf(error: unknown): Failure {
  const failure = error instanceof ClaimsmithError ? failures[error.code]?.(error) : undefined
  if (failure === undefined) throw error
  return failure
}
