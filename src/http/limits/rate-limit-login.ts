import { createHash } from 'node:crypto'
import { type OAuthError, type Result, oauthError } from '../../login/result/result.ts'
import { normalizeIdentifier } from '../../store/sql/users/normalize-identifier.ts'
import { toAddressKey } from './address-key.ts'
import type { RateLimitStatus } from './limiter.ts'
import type { Limiters } from './rate-limits.ts'

/** Counted by the name as the client sent it, whether or not there is such a user. */
export interface Attempt {
  readonly username: string
  readonly ip: string | undefined
}

/** Runs a login by password, unless there were too many before. */
export async function rateLimitLogin<T>(
  attempt: Attempt,
  { failedLogins, logins }: Limiters,
  logIn: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const key = hashAttempt(attempt)
  const count = await logins?.consume(key)
  if (count?.isExceeded === true) return toRateLimitError(count, 'Too many logins')
  const failuresBefore = await failedLogins?.peek(key)
  if (failuresBefore?.isExceeded === true) return toRateLimitError(failuresBefore, 'Too many failed logins')
  const result = await logIn()
  // Parallel logins may have failed meanwhile. Without this check, a thousand guesses at once would all get a result.
  const failuresAfter = await failedLogins?.peek(key)
  if (failuresAfter?.isExceeded === true) return toRateLimitError(failuresAfter, 'Too many failed logins')
  if (result.ok) await failedLogins?.reset(key)
  else if (result.code === 'invalid_grant') await failedLogins?.consume(key)
  return result
}

/** A hash, because the name may have any length. */
function hashAttempt({ username, ip }: Attempt): string {
  const parts = JSON.stringify([normalizeIdentifier(username), toAddressKey(ip)])
  return createHash('sha256').update(parts).digest('base64')
}

function toRateLimitError({ retryAfterSeconds }: RateLimitStatus, subject: string): OAuthError {
  const wait = `Try again in ${retryAfterSeconds} seconds.`
  return oauthError('too_many_attempts', `${subject} with this name from this address. ${wait}`, { retryAfterSeconds })
}
