import { describe, expect, test } from 'vitest'
import { app, issuer, password, useServer } from './server.ts'

describe('bad requests', () => {
  const server = useServer([])
  const post = (body: string, type: string): Promise<Response> =>
    server.server.handler(
      new Request(`${issuer}/oauth/token`, { method: 'POST', body, headers: { 'content-type': type } }),
    )

  test.each([
    ['malformed JSON', '{"grant_type":', 'application/json'],
    ['JSON that is no object', '[1]', 'application/json'],
    ['a member that is no string', '{"grant_type":["password"]}', 'application/json'],
    ['a parameter given twice', 'grant_type=password&grant_type=password', 'application/x-www-form-urlencoded'],
    ['another content type', 'grant_type=password', 'text/plain'],
    ['a parameter given twice, once empty', 'scope=&scope=x', 'application/x-www-form-urlencoded'],
    ['a parameter without a value', 'grant_type=', 'application/x-www-form-urlencoded'],
    ['a prototype key', '{"__proto__":{"grant_type":"password"}}', 'application/json'],
  ])('%s is 400 with a sentence', async (_what, body, type) => {
    const response = await post(body, type)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/\.$/),
    })
  })

  test('a body of exactly the limit is read, one byte more is 413', async () => {
    const form = 'application/x-www-form-urlencoded'
    const fits = await post(`grant_type=${'x'.repeat(1_000_000 - 11)}`, form)
    const tooLarge = await post(`grant_type=${'x'.repeat(1_000_000 - 10)}`, form)
    expect([fits.status, tooLarge.status]).toEqual([400, 413])
    expect(await tooLarge.json()).toMatchObject({ error: 'invalid_request' })
  })

  test('parameters too large to be given to rules are 413, passwords and tokens not counted', async () => {
    const grant = { grant_type: 'password', ...app, username: 'ada@example.com' }
    const scope = await server.token({ ...grant, password, scope: `openid ${'x '.repeat(100_000)}` })
    const other = await server.token({ ...grant, password, captcha: 'x'.repeat(300_000) })
    const secret = await server.token({ ...grant, password: 'x'.repeat(300_000) })
    expect([scope.status, other.status, secret.status]).toEqual([413, 413, 403])
  })

  test('members with names of JavaScript’s own are parameters like any other', async () => {
    const ada = { grant_type: 'password', ...app, username: 'ada@example.com', password }
    const names = '"__proto__":"x","constructor":"y","toJSON":"z","hasOwnProperty":"w"'
    const body = `${JSON.stringify(ada).slice(0, -1)},${names}}`
    expect((await post(body, 'application/json')).status).toBe(200)
  })

  test('an empty parameter counts as none', async () => {
    const tokens = await server.logIn({ scope: '', audience: '' })
    expect(tokens['scope']).toBe('openid profile email')
  })
})
