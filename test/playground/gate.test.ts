import { describe, expect, test } from 'vitest'
import { routes } from '../../src/playground/http/routes.ts'
import { usePlayground } from './fixture.ts'

describe('a playground that is open', () => {
  const fixture = usePlayground()

  test.each<[string, Record<string, string>]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }],
    ['an old browser at another site', { origin: 'https://evil.example' }],
  ])('gives no token to %s', async (_, headers) => {
    const response = await fixture.send('/playground/api/session', { headers })
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('gives no token to a page that came by a name of its own', async () => {
    const response = await fixture.playground.handler(new Request('http://rebound.example:3999/playground/api/session'))
    expect(response.status).toBe(403)
  })

  test('gives its own page a token that the Management API takes, too', async () => {
    const headers = { 'sec-fetch-site': 'same-origin' }
    const { token } = (await (await fixture.send('/playground/api/session', { headers })).json()) as { token: string }
    const users = await fixture.send('/api/v2/users', { headers: { authorization: `Bearer ${token}` } })
    expect(users.status).toBe(200)
  })

  test('takes no call without a token', async () => {
    for (const { method, path } of routes) {
      const response = await fixture.send(`/playground/api${path}`, { method })
      expect([path, response.status]).toEqual([path, 401])
    }
  })

  test.each(['/playground', '/playground/app.js', '/playground/app.css'])('%s can be had by anybody', async (path) => {
    const response = await fixture.send(path)
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([200, 'nosniff'])
  })

  test('the page allows nothing from elsewhere, and only its own styles', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => (await fixture.send('/playground')).headers.get('content-security-policy') ?? ''),
    )
    expect(policies[0]).toContain("default-src 'none'")
    expect(policies[0]).not.toMatch(/unsafe|\*|https?:/)
    expect(new Set(policies).size).toBe(2)
  })

  test('hands everything else to the server', async () => {
    expect(await (await fixture.send('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await fixture.send('/playgrounds')).status).toBe(404)
    expect((await fixture.send('/playground/nothing')).status).toBe(404)
  })
})

describe('a playground behind a token', () => {
  const fixture = usePlayground({ access: 'token' })

  test('says what token it wants, and gives none', async () => {
    const session = await (await fixture.send('/playground/api/session')).json()
    expect(session).toEqual({ access: 'token', audience: `${fixture.issuer}/api/v2/` })
  })

  test.each(routes.filter(({ path }) => path !== '/logins'))(
    '$method $path opens with $scopes, and without refuses',
    async ({ method, path, scopes }) => {
      const weak = await fixture.managementToken('read:clients')
      const body = method === 'POST' ? {} : undefined
      expect((await fixture.call(method, path, body, weak)).status).toBe(403)
      for (const scope of scopes) {
        const strong = await fixture.managementToken(scope)
        expect([200, 400]).toContain((await fixture.call(method, path, body, strong)).status)
      }
    },
  )

  test('a scope that changes rules makes none, and the other way round', async () => {
    const rule = { name: 'mine', script: 'function (user, context, callback) { callback(null, user, context) }' }
    const [update, create] = [
      await fixture.managementToken('update:rules'),
      await fixture.managementToken('create:rules'),
    ]
    expect((await fixture.call('POST', '/rules', rule, update)).status).toBe(403)
    expect((await fixture.call('POST', '/rules', rule, create)).status).toBe(200)
    expect((await fixture.call('POST', '/rules', rule, create)).status).toBe(403)
    expect((await fixture.call('POST', '/rules', rule, update)).status).toBe(200)
  })
})
