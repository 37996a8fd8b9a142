import { describe, expect, test } from 'vitest'
import { issuer, useServer } from './server.ts'

describe('presenting a token to /userinfo', () => {
  const server = useServer([], { scoping: 'oidc' })
  const ask = (authorization: string | undefined, body?: string, type = 'application/x-www-form-urlencoded') =>
    server.server.handler(
      new Request(`${issuer}/userinfo`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body }),
      }),
    )

  test('the header and a form both work, whatever the case of their names', async () => {
    const { access_token: token = '' } = await server.logIn()
    const answers = [
      await ask(`Bearer ${token}`),
      await ask(`bearer  ${token}`),
      await ask(undefined, `access_token=${token}`),
      await ask(undefined, `access_token=${token}`, 'Application/X-WWW-Form-URLEncoded; charset=UTF-8'),
      await ask(`Bearer ${token}`, '{"about":"nothing"}', 'application/json'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(5).fill('no-store'))
  })

  test.each([
    ['no token', undefined, undefined],
    ['another scheme', 'Basic YXBwOnNlY3JldA==', undefined],
    ['a form with other things in it', undefined, 'a=b'],
    ['an empty form parameter', undefined, 'access_token='],
  ])('%s is asked for one, without an error code', async (_what, authorization, body) => {
    const response = await ask(authorization, body)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="claimsmith"'])
  })

  test('a token in the URL does not count', async () => {
    const { access_token: token = '' } = await server.logIn()
    expect((await server.get(`/userinfo?access_token=${token}`)).status).toBe(401)
  })

  test.each([
    ['nothing after the scheme', 'Bearer', undefined],
    ['two tokens in the header', 'Bearer a, Bearer b', undefined],
    ['a token twice in the form', undefined, 'access_token=a&access_token=b'],
    ['a token in both places', 'Bearer a', 'access_token=a'],
    ['a parameter twice whose name is no header text', undefined, 'a%0D%0A%22%E2%98%83=1&a%0D%0A%22%E2%98%83=2'],
  ])('%s is a bad request, with a challenge that says so', async (_what, authorization, body) => {
    const response = await ask(authorization, body)
    expect(response.status).toBe(400)
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="claimsmith", error="invalid_request", error_description="[\x20\x21\x23-\x5B\x5D-\x7E]+"$/,
    )
  })

  test('a form that is too large is 413', async () => {
    expect((await ask(undefined, `access_token=${'x'.repeat(1_000_000)}`)).status).toBe(413)
  })

  test('a token without the scope openid is 403, and the challenge names the scope', async () => {
    const { access_token: token } = await server.logIn({ scope: 'email' })
    const response = await ask(`Bearer ${token}`)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' })
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(response.headers.get('www-authenticate')).toContain('scope="openid"')
  })
})
