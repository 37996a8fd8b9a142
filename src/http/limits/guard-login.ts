import { createHash } from 'node:crypto'
import { type Failure, type Result, fail } from '../../login/result/result.ts'
import { fold } from '../../store/sql/users/fold.ts'
import { holderOf } from './address.ts'
import type { Standing } from './limiter.ts'
import type { Limiters } from './rate-limits.ts'

/** What a login by password is counted by: the name as it was given, whether or not there is such a user. */
export interface Attempt {
  readonly username: string
  readonly ip: string | undefined
}

/** Runs a login by password, unless too many came before. */
export async function guardLogin<T>(
  attempt: Attempt,
  { failedLogins, logins }: Limiters,
  logIn: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const key = keyOf(attempt)
  const count = await logins?.take(key)
  if (count?.isExceeded === true) return refused(count, 'Too many logins')
  const before = await failedLogins?.look(key)
  if (before?.isExceeded === true) return refused(before, 'Too many failed logins')
  const result = await logIn()
  // Others may have failed meanwhile: who guesses a thousand passwords at once learns of ten.
  const after = await failedLogins?.look(key)
  if (after?.isExceeded === true) return refused(after, 'Too many failed logins')
  if (result.ok) await failedLogins?.forget(key)
  else if (result.code === 'invalid_grant') await failedLogins?.take(key)
  return result
}

/** Of one length, however long the name is. */
function keyOf({ username, ip }: Attempt): string {
  const parts = JSON.stringify([fold(username), holderOf(ip)])
  return createHash('sha256').update(parts).digest('base64')
}

function refused({ retryAfterSeconds }: Standing, what: string): Failure {
  const wait = `Try again in ${retryAfterSeconds} seconds.`
  return { ...fail('too_many_attempts', `${what} with this name from this address. ${wait}`), retryAfterSeconds }
}
