import { type Limiter, type RateLimit, createLimiter } from './limiter.ts'

/** The limit of each kind of call; `false` means no limit. Each process counts separately, so n servers allow n times as much. */
export interface RateLimits {
  /** Calls of the Management API, per client or user; without a valid token, per address. */
  readonly management?: RateLimit | false
  /** Calls of /userinfo, per user. */
  readonly userinfo?: RateLimit | false
  /** Failed logins by password, per name and address. A successful login resets the count. */
  readonly failedLogins?: RateLimit | false
  /** All logins by password, per name and address. */
  readonly logins?: RateLimit | false
}

/** Except `failedLogins`, the defaults only stop runaway programs. */
export const defaultRateLimits: Required<RateLimits> = {
  management: { limit: 100_000, seconds: 60 },
  userinfo: { limit: 600_000, seconds: 60 },
  failedLogins: { limit: 10, seconds: 300 },
  logins: false,
}

/** A limiter for each limit that is not `false`. */
export type Limiters = Readonly<Record<keyof RateLimits, Limiter | undefined>>

/**
 * Creates a limiter for each limit, with defaults.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a number of a limit is out of range
 */
export function createLimiters(limits: RateLimits, clock: () => number): Limiters {
  const toLimiter = (name: keyof RateLimits): Limiter | undefined => {
    const limit = limits[name] ?? defaultRateLimits[name]
    return limit === false ? undefined : createLimiter(limit, clock)
  }
  return {
    management: toLimiter('management'),
    userinfo: toLimiter('userinfo'),
    failedLogins: toLimiter('failedLogins'),
    logins: toLimiter('logins'),
  }
}
