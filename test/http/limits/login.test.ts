import { beforeEach, describe, expect, test } from 'vitest'
import type { RateLimits } from '../../../src/http/limits/rate-limits.ts'
import { type Fixture, app, issuer, password, useServer } from '../server.ts'

let now = 1_800_000_000_000

// A window of its own for each test.
beforeEach(() => {
  now += 300_000
})

interface Ended {
  readonly status: number
  readonly error: string | undefined
  readonly retryAfter: string | null
}

function useLogins(rateLimits: RateLimits): {
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

const ada = 'ada@example.com'
const limited = { status: 429, error: 'too_many_attempts', retryAfter: '300' }
const wrong = { status: 403, error: 'invalid_grant', retryAfter: null }

describe('failed logins', () => {
  const { logIn } = useLogins({ failedLogins: { limit: 3, seconds: 300 } })
  const fail = async (username: string, times: number): Promise<void> => {
    for (let count = 0; count < times; count++) expect(await logIn(username, 'a guess')).toEqual(wrong)
  }

  test.each([ada, 'nobody@example.com'])(
    'of %s are refused after three, even with the right password',
    async (name) => {
      await fail(name, 3)
      expect(await logIn(name, 'a guess')).toEqual(limited)
      expect(await logIn(name, password)).toEqual(limited)
      expect(await logIn(name.toUpperCase(), password)).toEqual(limited)
    },
  )

  test('leave other names, other addresses and the next window alone', async () => {
    await fail(ada, 3)
    expect(await logIn('grace@example.com', 'a guess')).toEqual(wrong)
    expect(await logIn(ada, password, '203.0.113.10')).toMatchObject({ status: 200 })
    now += 300_000
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
  })

  test('are forgotten when a login succeeds', async () => {
    await fail(ada, 2)
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
    await fail(ada, 2)
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
  })

  test('that come all at once tell no more than three', async () => {
    const guesses = Array.from({ length: 12 }, (_, index) => (index === 11 ? password : `guess ${index}`))
    const answers = await Promise.all(guesses.map((guess) => logIn(ada, guess)))
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(7)
  })

  test('are the only ones that count: right passwords may come all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn(ada, password)))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  })
})

describe('logins', () => {
  const { logIn } = useLogins({ logins: { limit: 2, seconds: 300 } })

  test('may be limited, right or wrong', async () => {
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
    expect(await logIn(ada, password)).toEqual(limited)
  })
})

describe('without limits', () => {
  const { logIn, fixture } = useLogins({ failedLogins: false, userinfo: false, management: false })

  test('nothing is refused, and nothing said of limits', async () => {
    for (let count = 0; count < 12; count++) expect(await logIn(ada, 'a guess')).toEqual(wrong)
    const { access_token: token } = await fixture.logIn()
    const response = await fixture.get('/userinfo', token)
    expect(response.status).toBe(200)
    expect(response.headers.has('x-ratelimit-limit')).toBe(false)
    expect((await fixture.get('/api/v2/users')).headers.has('x-ratelimit-limit')).toBe(false)
  })
})

describe('/userinfo', () => {
  const { fixture } = useLogins({ userinfo: { limit: 2, seconds: 60 } })

  test('is limited per user, whatever token asks', async () => {
    const [{ access_token: one }, { access_token: other }] = [await fixture.logIn(), await fixture.logIn()]
    const first = await fixture.get('/userinfo', one)
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    expect((await fixture.get('/userinfo', other)).status).toBe(200)
    const response = await fixture.get('/userinfo', other)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await response.json()).toMatchObject({ error: 'too_many_requests' })
    await fixture.store.users.create({
      connection: 'Username-Password-Authentication',
      email: 'grace@example.com',
      password,
    })
    const { access_token: graces } = await fixture.logIn({ username: 'grace@example.com' })
    expect((await fixture.get('/userinfo', graces)).status).toBe(200)
  })
})
