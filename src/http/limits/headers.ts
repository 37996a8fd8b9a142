import type { RateLimitStatus } from './limiter.ts'

/** Adds Auth0's rate limit headers to a response; the reset time is in seconds since 1970. */
export function setRateLimitHeaders(response: Response, status: RateLimitStatus | undefined): Response {
  for (const [name, value] of Object.entries(toHeaders(status))) response.headers.set(name, value)
  return response
}

function toHeaders(status: RateLimitStatus | undefined): Record<string, string> {
  if (status === undefined) return {}
  const { limit, remaining, resetAtMs, isExceeded, retryAfterSeconds } = status
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.floor(resetAtMs / 1_000)),
    ...(isExceeded ? { 'retry-after': String(retryAfterSeconds) } : {}),
  }
}
