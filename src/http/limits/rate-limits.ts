import { type Limiter, type RateLimit, createLimiter } from './limiter.ts'

/** How much each may ask for; `false` sets no bound. Counted in this process alone: several servers allow as many times more. */
export interface RateLimits {
  /** Calls of the Management API, per client or user; without a valid token, per address. */
  readonly management?: RateLimit | false
  /** Calls of /userinfo, per user. */
  readonly userinfo?: RateLimit | false
  /** Failed logins by password, per name and address. A login that succeeds forgets them. */
  readonly failedLogins?: RateLimit | false
  /** Logins by password, those that succeed too, per name and address. */
  readonly logins?: RateLimit | false
}

/** All but `failedLogins` are there to stop a program that runs wild, not to ration. */
export const defaultRateLimits: Required<RateLimits> = {
  management: { limit: 100_000, seconds: 60 },
  userinfo: { limit: 600_000, seconds: 60 },
  failedLogins: { limit: 10, seconds: 300 },
  logins: false,
}

/** A limiter for each limit that there is. */
export type Limiters = Readonly<Record<keyof RateLimits, Limiter | undefined>>

/** @throws {ClaimsmithError} INVALID_ARGUMENT where a limit is none */
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
