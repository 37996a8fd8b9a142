import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** So much in so many seconds. */
export interface RateLimit {
  readonly limit: number
  readonly seconds: number
}

/** Where somebody stands in the window that is open now. */
export interface RateLimitStatus {
  readonly limit: number
  readonly remaining: number
  /** Whether it was one too many. */
  readonly isExceeded: boolean
  readonly resetAtMs: number
  readonly retryAfterSeconds: number
}

export interface Limiter {
  /** Counts one more. */
  consume(key: string): Promise<RateLimitStatus>
  /** Counts nothing; exceeded means that the next one would be. */
  peek(key: string): Promise<RateLimitStatus>
  reset(key: string): Promise<void>
}

/** Timers of Node hold no more milliseconds than fit into 31 bits. */
const maxSeconds = 2_000_000

/**
 * Counts in the memory of this process, in windows that begin at multiples of their length.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT where the limit is none
 */
export function createLimiter({ limit, seconds }: RateLimit, clock: () => number): Limiter {
  if (!isCount(limit) || !isCount(seconds) || seconds > maxSeconds) {
    const message = `A rate limit needs a limit and seconds, both whole numbers from 1, and at most ${maxSeconds} seconds.`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  const counts = new RateLimiterMemory({ points: limit, duration: seconds })
  const windowMs = seconds * 1_000

  function getWindow(key: string): { readonly name: string; readonly endsAtMs: number } {
    // The window is part of the name, so that the clock, and not a timer, says when one ends.
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
