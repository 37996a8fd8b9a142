import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { Conditions, LoginClock } from '../sandbox/conditions.ts'

/** What ECMAScript's dates reach, in both directions. */
const maxTimeMs = 8.64e15

/**
 * What a login finds in the place of the machine's time and randomness; undefined where that is nothing.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a clock that shows no time
 */
export function conditionsOf({ clock, seed }: Conditions): Conditions | undefined {
  if (clock === undefined && seed === undefined) return undefined
  return {
    ...(clock === undefined ? {} : { clock: checked(clock) }),
    ...(seed === undefined ? {} : { seed }),
  }
}

function checked(clock: LoginClock): LoginClock {
  const { startMs } = clock
  if (typeof startMs !== 'number' || !(Math.abs(startMs) <= maxTimeMs)) {
    const message = `clock.startMs is ${String(startMs)}; give milliseconds since 1970, such as Date.parse('2026-01-31')`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  return clock
}
