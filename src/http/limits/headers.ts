import type { Standing } from './limiter.ts'

/** Adds Auth0's headers to an answer; the time of the reset is in seconds since 1970. */
export function withRateLimit(response: Response, standing: Standing | undefined): Response {
  for (const [name, value] of Object.entries(headersOf(standing))) response.headers.set(name, value)
  return response
}

function headersOf(standing: Standing | undefined): Record<string, string> {
  if (standing === undefined) return {}
  const { limit, remaining, resetAtMs, isExceeded, retryAfterSeconds } = standing
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.floor(resetAtMs / 1_000)),
    ...(isExceeded ? { 'retry-after': String(retryAfterSeconds) } : {}),
  }
}
