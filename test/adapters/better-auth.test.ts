import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBetterAuthRules } from '../../src/adapters/better-auth/index.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { type BetterAuthServer, api, openBetterAuth } from './better-auth-server.ts'

const ns = 'https://example.com/'
let runs = 0
let isRefused = false
const engine = createEngine({
  rules: [
    {
      name: 'claims',
      script: `function (user, context, callback) {
        context.idToken[configuration.NS + 'roles'] = ['employee'];
        context.idToken[configuration.NS + 'client'] = [context.clientName, context.protocol, context.request.query.login_hint];
        context.idToken.sub = 'somebody else';
        context.accessToken[configuration.NS + 'tier'] = 'gold';
        context.accessToken.client_id = 'another client';
        user.name = user.name + ', enriched';
        user.user_metadata = { picture: 'own.png' };
        auth0.users.updateAppMetadata(user.user_id, {}).then(() => callback(null, user, context), callback);
      }`,
    },
    {
      name: 'verdict',
      script: `function (user, context, callback) {
        if (/evil/.test(user.email)) return callback(new UnauthorizedError('Not from there.'));
        if (/away/.test(user.email)) context.redirect = { url: 'https://elsewhere.example' };
        callback(null, user, context);
      }`,
    },
  ],
  configuration: { NS: ns },
  users: {
    updateAppMetadata: async () => {
      runs += 1
      if (isRefused) throw new Error('Suspended since.')
    },
  },
  limits: { workers: 1 },
})
afterAll(() => engine.close())

let server: BetterAuthServer
beforeAll(async () => {
  const rules = createBetterAuthRules({ engine, overlay: { picture: 'user_metadata.picture || picture' } })
  server = await openBetterAuth(rules, {
    'ada@example.com': 'Ada',
    'mallory@evil.example': 'Mallory',
    'grace@away.example': 'Grace',
  })
})

/** What rules claim of a login at the client. */
const idClaims = (protocol: string, hint: string | null) => ({
  [`${ns}roles`]: ['employee'],
  [`${ns}client`]: ['Shop', protocol, hint],
})

describe('a login at better-auth', () => {
  test('runs the rules once; the ID token, /userinfo and introspection have their claims', async () => {
    const before = runs
    const { status, body } = await server.login('ada@example.com', { login_hint: 'a hint' })
    expect(status).toBe(200)
    const idToken = decodeJwt(body['id_token'] ?? '')
    expect(idToken).toMatchObject(idClaims('oidc-basic-profile', 'a hint'))
    const profile = await server.userinfo(body['access_token'] ?? '')
    expect(profile.body).toEqual({
      sub: idToken.sub,
      name: 'Ada, enriched',
      email: 'ada@example.com',
      email_verified: false,
      picture: 'own.png',
      updated_at: expect.any(Number) as number,
      ...idClaims('oidc-basic-profile', 'a hint'),
    })
    const token = (await server.introspect(body['access_token'] ?? '')).body
    expect(token).toMatchObject({ active: true, sub: idToken.sub, [`${ns}tier`]: 'gold' })
    expect(token['client_id']).not.toBe('another client')
    expect(runs).toBe(before + 1)
  })

  test('for a resource puts the claims into the access token, which is a JWT then', async () => {
    const before = runs
    const { body } = await server.login('ada@example.com', { resource: api })
    const claims = decodeJwt(body['access_token'] ?? '')
    expect(claims).toMatchObject({ [`${ns}tier`]: 'gold', scope: 'openid profile email offline_access' })
    expect(claims['client_id']).not.toBe('another client')
    expect((await server.userinfo(body['access_token'] ?? '')).body).toMatchObject({ name: 'Ada, enriched' })
    expect(runs).toBe(before + 1)
  })

  test('shows /userinfo what the scopes ask for', async () => {
    const { body } = await server.login('ada@example.com', { scope: 'openid email' })
    const profile = (await server.userinfo(body['access_token'] ?? '')).body
    expect(profile).toMatchObject({ email: 'ada@example.com', [`${ns}roles`]: ['employee'] })
    expect(profile['name']).toBeUndefined()
  })

  test.each([
    ['mallory@evil.example', 'Not from there.'],
    ['grace@away.example', 'A rule asks for a redirect, which this login cannot follow.'],
  ])('of %s is refused at the token endpoint, and no token is made', async (email, message) => {
    const tables = ['oauthAccessToken', 'oauthRefreshToken']
    const before = tables.map((table) => server.count(table))
    for (const scope of ['openid offline_access', 'email offline_access']) {
      const { status, body } = await server.login(email, { scope })
      expect([status, body]).toEqual([400, { error: 'access_denied', error_description: message }])
    }
    expect(tables.map((table) => server.count(table))).toEqual(before)
  })
})

describe('a refresh', () => {
  test('runs the rules once more, and /userinfo shows what they say then', async () => {
    const { body } = await server.login('ada@example.com')
    const before = runs
    const refreshed = (await server.refresh(body['refresh_token'] ?? '')).body
    expect(decodeJwt(refreshed['id_token'] ?? '')).toMatchObject(idClaims('oauth2-refresh-token', null))
    const profile = await server.userinfo(refreshed['access_token'] ?? '')
    expect(profile.body).toMatchObject(idClaims('oauth2-refresh-token', null))
    expect(runs).toBe(before + 1)
  })

  test('that is refused leaves the refresh token as it was', async () => {
    const { body } = await server.login('ada@example.com')
    isRefused = true
    const { status, body: refusal } = await server.refresh(body['refresh_token'] ?? '')
    isRefused = false
    expect([status, refusal['error']]).toEqual([400, 'access_denied'])
    expect((await server.refresh(body['refresh_token'] ?? '')).status).toBe(200)
  })

  test('without openid is one for the rules, too, and they know the client', async () => {
    const { body } = await server.login('ada@example.com', { scope: 'email offline_access' })
    const before = runs
    const refreshed = (await server.refresh(body['refresh_token'] ?? '')).body
    expect((await server.introspect(refreshed['access_token'] ?? '')).body).toMatchObject({ [`${ns}tier`]: 'gold' })
    expect(runs).toBe(before + 1)
  })
})

test('what is remembered of one session is not what another one of the same user sees', async () => {
  const first = (await server.login('ada@example.com', { login_hint: 'first' })).body
  await server.login('ada@example.com', { login_hint: 'second' })
  const profile = await server.userinfo(first['access_token'] ?? '')
  expect(profile.body).toMatchObject(idClaims('oidc-basic-profile', 'first'))
})
