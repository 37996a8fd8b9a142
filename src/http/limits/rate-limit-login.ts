import { createHash } from 'node:crypto'
import { type OAuthError, type Result, oauthError } from '../../login/result/result.ts'
import { normalizeIdentifier } from '../../store/sql/users/normalize-identifier.ts'
import { toAddressKey } from './address-key.ts'
import type { RateLimitStatus } from './limiter.ts'
import type { Limiters } from './rate-limits.ts'

/** What a login by password is counted by: the name as it was given, whether or not there is such a user. */
export interface Attempt {
  readonly username: string
  readonly ip: string | undefined
}

/** Runs a login by password, unless too many came before. */
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
  // Others may have failed meanwhile: who guesses a thousand passwords at once learns of ten.
  const failuresAfter = await failedLogins?.peek(key)
  if (failuresAfter?.isExceeded === true) return toRateLimitError(failuresAfter, 'Too many failed logins')
  if (result.ok) await failedLogins?.reset(key)
  else if (result.code === 'invalid_grant') await failedLogins?.consume(key)
  return result
}

/** Of one length, however long the name is. */
function hashAttempt({ username, ip }: Attempt): string {
  const parts = JSON.stringify([normalizeIdentifier(username), toAddressKey(ip)])
  return createHash('sha256').update(parts).digest('base64')
}

function toRateLimitError({ retryAfterSeconds }: RateLimitStatus, what: string): OAuthError {
  const wait = `Try again in ${retryAfterSeconds} seconds.`
  return oauthError('too_many_attempts', `${what} with this name from this address. ${wait}`, { retryAfterSeconds })
}
