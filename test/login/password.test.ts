import { describe, expect, test } from 'vitest'
import { issuerUrl, startMs, useLogin, valueOf } from './fixture.ts'

const hourMs = 3_600_000

describe('a password login', () => {
  const pass = `(user, context, callback) => callback(null, user, context)`
  const server = useLogin(pass)

  test('without openid there is no ID token, without offline_access no refresh token', async () => {
    const tokens = valueOf(await server.password({ scope: 'email' }))
    expect(Object.keys(tokens).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  test('no scope means openid profile email, and a scope given twice counts once', async () => {
    const usual = valueOf(await server.password({ scope: undefined }))
    const twice = valueOf(await server.password({ scope: 'openid  email openid' }))
    expect([usual.scope, twice.scope]).toEqual(['openid profile email', 'openid email'])
  })

  test('a scope with a line break or a quote in it is refused', async () => {
    expect(await server.password({ scope: 'openid a"b' })).toMatchObject({ ok: false, code: 'invalid_scope' })
    expect(await server.password({ scope: 'openid a\nb' })).toMatchObject({ ok: false, code: 'invalid_scope' })
  })

  test('of the Management API a user gets only what concerns themselves', async () => {
    const scope = 'openid read:users update:users read:current_user update:current_user_metadata'
    for (const audience of [`${issuerUrl}/api/v2/`, `${issuerUrl}/api/v2`, 'HTTPS://LOGIN.EXAMPLE.COM/api/V2/']) {
      const tokens = valueOf(await server.password({ scope, audience }))
      expect(tokens.scope).toBe('openid read:current_user update:current_user_metadata')
    }
    const elsewhere = valueOf(await server.password({ scope, audience: 'https://api.example.com/' }))
    expect(elsewhere.scope).toBe(scope)
  })

  test('a blocked user is refused, but only where the password is right', async () => {
    await server.store.users.update(server.ada.user_id, { blocked: true })
    expect(await server.password()).toMatchObject({ code: 'access_denied', description: 'The user is blocked.' })
    expect(await server.password({ password: 'guess' })).toMatchObject({ code: 'invalid_grant' })
  })

  test('the login is counted, with its time and address', async () => {
    await server.password()
    expect(await server.store.users.get(server.ada.user_id)).toMatchObject({
      logins_count: 1,
      last_ip: '203.0.113.9',
      last_login: new Date(startMs).toISOString(),
    })
  })

  test('what has expired is deleted in passing, an hour after the last time', async () => {
    const { access_token: token } = valueOf(await server.password())
    const sid = String((await server.issuer.verifyAccessToken(token))['sid'])
    server.pass(24 * hourMs + 1)
    expect(await server.store.logins.get(sid)).toBeDefined()
    await server.password()
    expect(await server.store.logins.get(sid)).toBeUndefined()
  })
})

describe('a user who is deleted while the rules run', () => {
  const server = useLogin(
    `async (user, context, callback) => {
      await auth0.users.updateAppMetadata(user.user_id, {});
      callback(null, user, context);
    }`,
    {},
    { updateAppMetadata: async (id) => void (await server.store.users.delete(id)) },
  )

  test('gets no tokens, and it is nobody’s fault', async () => {
    expect(await server.password({ scope: 'openid offline_access' })).toMatchObject({
      ok: false,
      code: 'invalid_grant',
    })
  })
})
