import { beforeEach, describe, expect, test } from 'vitest'
import { password } from '../server.ts'
import { ada, limited, passSeconds, useLogins, wrong } from './use-logins.ts'

// A window of its own for each test.
beforeEach(() => passSeconds(300))

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
    passSeconds(300)
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
})

describe('logins', () => {
  const { logIn } = useLogins({ logins: { limit: 2, seconds: 300 } })

  test('may be limited, right or wrong', async () => {
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
    expect(await logIn(ada, password)).toMatchObject({ status: 200 })
    expect(await logIn(ada, password)).toEqual(limited)
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
