import { describe, expect, test } from 'vitest'
import { password } from '../server.ts'
import { ada, useLogins, wrong } from './use-logins.ts'

describe('failed logins', () => {
  const { logIn } = useLogins({ failedLogins: { limit: 3, seconds: 300 } })

  test('are the only ones that count: right passwords may come all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn(ada, password)))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
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
