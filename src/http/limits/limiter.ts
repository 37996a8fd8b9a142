import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** At most `limit` calls in `seconds`. */
export interface RateLimit {
  readonly limit: number
  readonly seconds: number
}

/** The state of a key in the current window. */
export interface RateLimitStatus {
  readonly limit: number
  readonly remaining: number
  /** Whether the call exceeds the limit; for `peek`, whether the next one would. */
  readonly isExceeded: boolean
  readonly resetAtMs: number
  readonly retryAfterSeconds: number
}

export interface Limiter {
  /** Counts one call. */
  consume(key: string): Promise<RateLimitStatus>
  /** Counts nothing. */
  peek(key: string): Promise<RateLimitStatus>
  reset(key: string): Promise<void>
}

/** A timer of Node holds at most 2^31 - 1 milliseconds. */
const maxSeconds = 2_000_000

/**
 * Creates a limiter that counts in this process, in windows that start at multiples of their length.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a number of the limit is out of range
 */
export function createLimiter({ limit, seconds }: RateLimit, clock: () => number): Limiter {
  if (!isCount(limit) || !isCount(seconds) || seconds > maxSeconds) {
    const message = `A rate limit needs limit and seconds, both whole numbers from 1; seconds is at most ${maxSeconds}.`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  const counts = new RateLimiterMemory({ points: limit, duration: seconds })
  const windowMs = seconds * 1_000

  function getWindow(key: string): { readonly name: string; readonly endsAtMs: number } {
    // The window is part of the name, so that the clock option ends a window, not a timer.
    const index = Math.floor(clock() / windowMs)
    return { name: `${index} ${key}`, endsAtMs: (index + 1) * windowMs }
  }

  function toStatus(used: number, isExceeded: boolean, resetAtMs: number): RateLimitStatus {
    const retryAfterSeconds = Math.max(1, Math.ceil((resetAtMs - clock()) / 1_000))
    return { limit, remaining: Math.max(0, limit - used), isExceeded, resetAtMs, retryAfterSeconds }
  }

  return {
    async consume(key) {
      const { name, endsAtMs } = getWindow(key)
      const { consumedPoints } = await counts.penalty(name)
      return toStatus(consumedPoints, consumedPoints > limit, endsAtMs)
    },
    async peek(key) {
      const { name, endsAtMs } = getWindow(key)
      const used = (await counts.get(name))?.consumedPoints ?? 0
      return toStatus(used, used >= limit, endsAtMs)
    },
    async reset(key) {
      await counts.delete(getWindow(key).name)
    },
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
