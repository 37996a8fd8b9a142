import { describe, expect, test } from 'vitest'
import { claimsOf, issuer, useServer } from './server.ts'

const rules = [
  {
    name: 'enrich',
    script: `function (user, context, callback) {
      user.hello = 'from a rule';
      user.name = 'Ada the First';
      context.idToken['https://x.example/roles'] = user.roles;
      context.accessToken['https://x.example/plan'] = 'pro';
      context.idToken.iss = 'https://evil.example';
      callback(null, user, context);
    }`,
  },
]

function post(path: string, body: string | URLSearchParams, headers: Record<string, string> = {}): Request {
  return new Request(`${issuer}${path}`, { method: 'POST', body, headers })
}

describe('a login whose rule enriches the profile', () => {
  const server = useServer(rules, { overlay: { picture: 'user_metadata.picture || picture' } })

  test('/userinfo shows what the rule did, the overlay, and the claims of the ID token', async () => {
    const { access_token: token = '' } = await server.logIn()
    const response = await server.get('/userinfo', token)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      sub: server.adaId,
      hello: 'from a rule',
      name: 'Ada the First',
      picture: 'https://chosen.example/ada.png',
      'https://x.example/roles': ['admin'],
      identities: [{ provider: 'auth0' }],
    })
  })

  test('/tokeninfo shows the raw profile, with the claims that the rule put on the ID token', async () => {
    const { id_token: token = '' } = await server.logIn()
    const response = await server.server.handler(
      post('/tokeninfo', JSON.stringify({ id_token: token }), { 'content-type': 'application/json' }),
    )
    const claims = (await response.json()) as Record<string, unknown>
    expect(claims).toMatchObject({
      iss: issuer,
      name: 'Ada',
      picture: 'https://provider.example/ada.png',
      'https://x.example/roles': ['admin'],
    })
    expect(claims).not.toHaveProperty('hello')
    expect(claims).toEqual(claimsOf(token))
  })

  test('/tokeninfo takes a form as well', async () => {
    const { id_token: token = '' } = await server.logIn()
    const response = await server.server.handler(post('/tokeninfo', new URLSearchParams({ id_token: token })))
    expect(response.status).toBe(200)
  })

  test('the access token carries what the rule put there', async () => {
    const { access_token: token } = await server.logIn()
    expect(claimsOf(token)).toMatchObject({ 'https://x.example/plan': 'pro', sub: server.adaId, client_id: 'app' })
  })

  test('a later change of the user shows at the next login, and not before', async () => {
    const { access_token: before = '' } = await server.logIn()
    await server.store.users.update(server.adaId, { nickname: 'countess' })
    const { access_token: after = '' } = await server.logIn()
    expect(await (await server.get('/userinfo', before)).json()).not.toHaveProperty('nickname')
    expect(await (await server.get('/userinfo', after)).json()).toHaveProperty('nickname', 'countess')
  })

  test('an ID token at /userinfo and an access token at /tokeninfo are refused', async () => {
    const { access_token: accessToken = '', id_token: idToken = '' } = await server.logIn()
    const userinfo = await server.get('/userinfo', idToken)
    const tokeninfo = await server.server.handler(post('/tokeninfo', new URLSearchParams({ id_token: accessToken })))
    expect([userinfo.status, tokeninfo.status]).toEqual([401, 401])
    expect(userinfo.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await tokeninfo.json()).toMatchObject({ error: 'invalid_token' })
  })

  test("a client's own token opens neither", async () => {
    const response = await server.token({
      grant_type: 'client_credentials',
      client_id: 'manager',
      client_secret: 'manager-secret:with/odd+chars',
    })
    const { access_token: token } = (await response.json()) as { access_token: string }
    expect((await server.get('/userinfo', token)).status).toBe(401)
  })

  test('a deleted or blocked user has no profile left', async () => {
    const bob = await server.store.users.create({
      connection: 'Username-Password-Authentication',
      email: 'bob@example.com',
      password: 'another good password',
    })
    const { access_token: token = '' } = await server.logIn({
      username: 'bob@example.com',
      password: 'another good password',
    })
    await server.store.users.update(bob.user_id ?? '', { blocked: true })
    expect((await server.get('/userinfo', token)).status).toBe(401)
  })
})

describe('with scoping oidc and tokeninfo profile', () => {
  const server = useServer(rules, { scoping: 'oidc', tokeninfo: 'profile' })

  test('/userinfo holds what the scopes ask for, of the enriched profile', async () => {
    const { access_token: token = '' } = await server.logIn({ scope: 'openid profile' })
    const profile = (await (await server.get('/userinfo', token)).json()) as Record<string, unknown>
    expect(profile).toMatchObject({ sub: server.adaId, name: 'Ada the First' })
    expect(profile).not.toHaveProperty('email')
    expect(profile).not.toHaveProperty('hello')
  })

  test('/tokeninfo answers with the stored profile', async () => {
    const { id_token: token = '' } = await server.logIn()
    const response = await server.server.handler(post('/tokeninfo', new URLSearchParams({ id_token: token })))
    const profile = (await response.json()) as Record<string, unknown>
    expect(profile).toMatchObject({ user_id: server.adaId, name: 'Ada', app_metadata: { roles: ['admin'] } })
    expect(profile).not.toHaveProperty('hello')
  })
})
