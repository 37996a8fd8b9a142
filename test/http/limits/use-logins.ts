import type { RateLimits } from '../../../src/http/limits/rate-limits.ts'
import { type Fixture, app, issuer, useServer } from '../server.ts'

let now = 1_800_000_000_000

/** Moves the clock of the servers. */
export function passSeconds(seconds: number): void {
  now += seconds * 1_000
}

interface Ended {
  readonly status: number
  readonly error: string | undefined
  readonly retryAfter: string | null
}

/** A server with these limits, and what logs in there. */
export function useLogins(rateLimits: RateLimits): {
  logIn: (username: string, guess: string, ip?: string) => Promise<Ended>
  fixture: Fixture
} {
  const fixture = useServer([], { clock: () => now }, { rateLimits })
  return {
    fixture,
    async logIn(username, guess, ip = '203.0.113.9') {
      const body = new URLSearchParams({ grant_type: 'password', ...app, username, password: guess })
      const response = await fixture.server.handler(new Request(`${issuer}/oauth/token`, { method: 'POST', body }), {
        ip,
      })
      const { error } = (await response.json()) as { error?: string }
      return { status: response.status, error, retryAfter: response.headers.get('retry-after') }
    },
  }
}

export const ada = 'ada@example.com'
export const limited = { status: 429, error: 'too_many_attempts', retryAfter: '300' }
export const wrong = { status: 403, error: 'invalid_grant', retryAfter: null }
