import { describe, expect, test } from 'vitest'
import { client, issuerUrl, startMs, useLogin, valueOf } from './fixture.ts'
import { type Provider, connectProvider } from './provider.ts'

const server = useLogin(`function (user, context, callback) {
  user.seen = JSON.parse(JSON.stringify(context));
  callback(null, user, context);
}`)
const at = { audience: issuerUrl, nowMs: startMs }
const connect = (more = {}): Promise<Provider> => connectProvider(server.store, at, more)
const logIn = (assertion: string, more = {}) =>
  server.login.assertion({ client, request: {}, assertion, scope: 'openid offline_access', ...more })
const profileOf = async (assertion: string) =>
  valueOf(await server.login.userinfo(valueOf(await logIn(assertion)).access_token))
const usersOf = async (email: string) => await server.store.users.findByEmail(email)

describe('the first assertion about a user', () => {
  test('makes them: attributes at the root, what the provider said in the identity', async () => {
    const { assert, connection } = await connect({ name: 'facebook', strategy: 'facebook' })
    const profile = { name: 'Lin', picture: 'https://provider.example/lin.png', email: 'lin@example.org', locale: 'sv' }
    await profileOf(assert({ ...profile, email_verified: true, jti: 'first', nonce: 'x' }))
    const { locale: _, ...root } = profile
    expect(await server.store.users.get('facebook|1')).toMatchObject({
      ...root,
      email_verified: true,
      logins_count: 1,
      identities: [
        {
          connection: connection.name,
          provider: 'facebook',
          user_id: '1',
          isSocial: true,
          profileData: { ...profile, email_verified: true },
        },
      ],
    })
    expect(await server.store.users.get('facebook|1')).not.toHaveProperty('locale')
  })

  test('names the connection in the id where its strategy does not, so that two of one strategy stay apart', async () => {
    const [one, two] = [await connect(), await connect()]
    expect(await profileOf(one.assert())).toHaveProperty('sub', `oidc|${one.connection.name}|1`)
    expect(await profileOf(two.assert())).toHaveProperty('sub', `oidc|${two.connection.name}|1`)
  })

  test('makes one user even when several come at once', async () => {
    const { assert } = await connect()
    const results = await Promise.all([1, 2, 3, 4].map(() => logIn(assert({ email: 'once@example.org' }))))
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true])
    expect(await usersOf('once@example.org')).toMatchObject([{ logins_count: 4 }])
  })

  test('takes only what has the right type to the root', async () => {
    const { assert } = await connect()
    const claims = {
      name: '',
      nickname: 7,
      email: ['x'],
      email_verified: 'true',
      blocked: true,
      user_metadata: { a: 1 },
    }
    const { sub } = await profileOf(assert({ ...claims, ...(JSON.parse('{"__proto__":{"admin":true}}') as object) }))
    const user = await server.store.users.get(String(sub))
    expect(user?.identities?.[0]?.profileData).toEqual(claims)
    for (const name of Object.keys(claims)) expect(user).not.toHaveProperty(name)
  })
})

describe('what rules see', () => {
  const metadata = { region: 'eu' }
  const options = { client_secret: 'hidden', tenant_domain: 'acme.example', domain_aliases: ['acme.example'] }

  test('is the connection, its metadata, and of its options only the domains', async () => {
    const { assert, connection } = await connect({ metadata, options })
    const { seen } = await profileOf(assert())
    expect(seen).toMatchObject({
      protocol: 'oauth2-resource-owner-jwt-bearer',
      connection: connection.name,
      connectionID: connection.id,
      connectionStrategy: 'oidc',
      connectionMetadata: metadata,
      authentication: { methods: [{ name: 'federated', timestamp: startMs }] },
      stats: { loginsCount: 1 },
    })
    expect(seen).toHaveProperty('connectionOptions', {
      tenant_domain: 'acme.example',
      domain_aliases: ['acme.example'],
    })
  })

  test('keeps the connection when a refresh token is exchanged', async () => {
    const { assert, connection } = await connect({ metadata })
    const first = valueOf(await logIn(assert()))
    const second = valueOf(await server.refresh(first.refresh_token))
    const { seen } = valueOf(await server.login.userinfo(second.access_token))
    expect(seen).toMatchObject({
      protocol: 'oauth2-refresh-token',
      connectionStrategy: 'oidc',
      connectionID: connection.id,
      connectionMetadata: metadata,
      authentication: { methods: [] },
    })
  })
})

describe('the next assertion', () => {
  const before = { name: 'Lin', picture: 'old.png', family_name: 'Li' }
  const after = { name: 'Lin Li', picture: 'new.png' }

  async function twice(options: object) {
    const { assert } = await connect({ options })
    const { sub } = await profileOf(assert(before))
    await server.store.users.update(String(sub), { nickname: 'mine', name: 'Changed here' })
    const profile = await profileOf(assert(after))
    expect(await server.store.users.get(String(sub))).toMatchObject({ identities: [{ profileData: after }] })
    return profile
  }

  test('refreshes the root where the connection syncs, which it does by default', async () => {
    for (const options of [{}, { set_user_root_attributes: 'on_each_login' }]) {
      expect(await twice(options)).toMatchObject({ ...before, ...after, nickname: 'mine' })
    }
  })

  test('leaves the root where sync is off, and refreshes the identity', async () => {
    const profile = await twice({ set_user_root_attributes: 'on_first_login' })
    expect(profile).toMatchObject({ ...before, name: 'Changed here', nickname: 'mine' })
  })

  test('is refused when the user is blocked, and changes nothing', async () => {
    const { assert } = await connect()
    const { sub } = await profileOf(assert(before))
    const blocked = await server.store.users.update(String(sub), { blocked: true })
    expect(await logIn(assert(after))).toMatchObject({ code: 'access_denied', description: 'The user is blocked.' })
    expect(await server.store.users.get(String(sub))).toEqual(blocked)
  })

  test('is refused when it is the same one again, if it has a jti', async () => {
    const { assert } = await connect()
    const [named, nameless] = [assert({ jti: 'x' }), assert()]
    const results = await Promise.all([logIn(named), logIn(named)])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await logIn(named)).toMatchObject({ code: 'invalid_grant', description: expect.stringContaining('before') })
    expect([(await logIn(nameless)).ok, (await logIn(nameless)).ok]).toEqual([true, true])
  })
})

describe('an assertion that is refused makes nobody', () => {
  const email = 'nobody@example.org'
  const deep = JSON.parse(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`) as object

  test.each([
    ['another audience', { aud: 'https://other.example' }],
    ['another issuer', { iss: 'https://nobody.example/' }],
    ['expired', { exp: startMs / 1000 - 61 }],
    ['without an end', { exp: undefined }],
    ['too long', { exp: startMs / 1000 + 100_000 }],
    ['from the future', { iat: startMs / 1000 + 61 }],
    ['without a subject', { sub: undefined }],
    ['a subject with a space', { sub: 'a b' }],
    ['a subject that is too long', { sub: 'a'.repeat(256) }],
    ['a subject with half a character', { sub: 'a\uD800' }],
    ['a subject with U+0000', { sub: 'a\0' }],
    ['an issuer with U+0000', { iss: 'https://a\0.example/' }],
    ['a name that no database keeps', { name: 'a\0' }],
    ['a claim that no database keeps', { nested: { text: '\uD800' } }],
    ['too deep', { deep }],
    ['too large', { padding: 'x'.repeat(20_000) }],
  ])('%s', async (_, claims) => {
    const { assert } = await connect()
    expect(await logIn(assert({ email, ...claims }))).toMatchObject({ ok: false, code: 'invalid_grant' })
    expect(await usersOf(email)).toEqual([])
  })

  test.each([{ alg: 'none' }, { kid: 'k'.repeat(200) }, { kid: 'other' }, { typ: 'at+jwt' }, { crit: [] }])(
    'with the header %j',
    async (header) => {
      const { assert } = await connect()
      expect(await logIn(assert({ email }, header))).toMatchObject({ ok: false, code: 'invalid_grant' })
      expect(await usersOf(email)).toEqual([])
    },
  )

  test("signed by another connection's key", async () => {
    const [one, two] = [await connect(), await connect()]
    const theirs = two.assert({ email, iss: one.connection.options.issuer }, { kid: one.jwk.kid })
    expect(await logIn(theirs)).toMatchObject({ code: 'invalid_grant' })
    expect(await usersOf(email)).toEqual([])
  })

  test('for a connection that is a database, has no keys, shares its issuer, or is not enabled for the client', async () => {
    const database = await connect({ strategy: 'auth0' })
    const keyless = await connect({ options: { jwks: undefined } })
    const shared = await connect()
    await connect({ options: { issuer: shared.connection.options.issuer } })
    const others = await connect({ enabled_clients: ['another'] })
    for (const { assert } of [database, keyless, shared]) {
      expect(await logIn(assert({ email }))).toMatchObject({ code: 'invalid_grant' })
    }
    expect(await logIn(others.assert({ email }))).toMatchObject({ code: 'unauthorized_client' })
    expect(await usersOf(email)).toEqual([])
  })

  test('about a user who came from elsewhere', async () => {
    const { assert } = await connect({ name: 'github', strategy: 'github' })
    await server.store.users.create({ connection: 'older', provider: 'github', user_id: '1' })
    expect(await logIn(assert({ email }))).toMatchObject({ code: 'invalid_grant' })
    expect(await server.store.users.get('github|1')).not.toHaveProperty('email')
  })
})

test('a database that is not enabled for a client logs nobody in by it', async () => {
  const name = 'staff'
  await server.store.connections.create({ name, strategy: 'auth0', enabled_clients: ['another'] })
  await server.store.users.create({ connection: name, email: 'staff@example.org', password: 'long enough' })
  const grant = { realm: name, username: 'staff@example.org', password: 'long enough' }
  expect(await server.password(grant)).toMatchObject({ code: 'unauthorized_client' })
  expect(await server.password({ ...grant, client: { ...client, client_id: 'another' } })).toHaveProperty('ok', true)
})
