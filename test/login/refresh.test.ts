import { describe, expect, test } from 'vitest'
import { client, startMs, useLogin, valueOf } from './fixture.ts'

const hourMs = 3_600_000
const offline = 'openid profile email offline_access'

describe('exchanging a refresh token', () => {
  const server = useLogin(`function (user, context, callback) {
    user.protocol = context.protocol;
    user.methods = context.authentication.methods;
    if (user.app_metadata.denied) return callback(new UnauthorizedError('Not any more.'));
    if (user.app_metadata.online) context.accessToken.scope = ['openid'];
    callback(null, user, context);
  }`)
  const firstToken = async (): Promise<string> => valueOf(await server.password({ scope: offline })).refresh_token ?? ''

  test('the rules run again, over the profile as it is now, without counting a login', async () => {
    const token = await firstToken()
    await server.store.users.update(server.ada.user_id, { name: 'Countess Ada' })
    const tokens = valueOf(await server.refresh(token))
    expect(await server.issuer.verifyIdToken(tokens.id_token ?? '')).toHaveProperty('name', 'Countess Ada')
    expect(valueOf(await server.login.userinfo(tokens.access_token))).toMatchObject({
      protocol: 'oauth2-refresh-token',
      methods: [],
      logins_count: 1,
    })
  })

  test('auth_time stays the time of the password, and sid that of the login', async () => {
    const first = valueOf(await server.password({ scope: offline }))
    server.pass(hourMs)
    const second = valueOf(await server.refresh(first.refresh_token))
    server.pass(hourMs)
    const third = valueOf(await server.refresh(second.refresh_token))
    const before = await server.issuer.verifyIdToken(first.id_token ?? '')
    const after = await server.issuer.verifyIdToken(third.id_token ?? '')
    expect(after).toMatchObject({ auth_time: startMs / 1_000, iat: (startMs + 2 * hourMs) / 1_000, sid: before['sid'] })
  })

  test('asking for fewer scopes leaves the next refresh token as strong as this one', async () => {
    const narrow = valueOf(await server.refresh(await firstToken(), { scope: 'openid' }))
    expect(narrow.scope).toBe('openid')
    expect(valueOf(await server.refresh(narrow.refresh_token)).scope).toBe(offline)
  })

  test('asking for more is refused', async () => {
    const result = await server.refresh(await firstToken(), { scope: `${offline} admin` })
    expect(result).toMatchObject({ ok: false, code: 'invalid_scope' })
  })

  test('a rule that takes offline_access away ends it', async () => {
    const token = await firstToken()
    await server.store.users.update(server.ada.user_id, { app_metadata: { online: true } })
    expect(valueOf(await server.refresh(token))).not.toHaveProperty('refresh_token')
  })

  test('a rule may deny it', async () => {
    const token = await firstToken()
    await server.store.users.update(server.ada.user_id, { app_metadata: { denied: true } })
    expect(await server.refresh(token)).toMatchObject({ code: 'access_denied', description: 'Not any more.' })
  })

  test('used twice, it ends what came of it', async () => {
    const token = await firstToken()
    const next = valueOf(await server.refresh(token)).refresh_token
    expect(await server.refresh(token)).toMatchObject({ code: 'invalid_grant' })
    expect(await server.refresh(next)).toMatchObject({ code: 'invalid_grant' })
  })

  test('of two at once, one gets tokens', async () => {
    const token = await firstToken()
    const results = await Promise.all([server.refresh(token), server.refresh(token)])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('another client, a late one, a blocked and a deleted user get none', async () => {
    const [foreign, late, blocked] = [await firstToken(), await firstToken(), await firstToken()]
    expect(await server.refresh(foreign, { client: { ...client, client_id: 'other' } })).toHaveProperty('ok', false)
    await server.store.users.update(server.ada.user_id, { blocked: true })
    expect(await server.refresh(blocked)).toHaveProperty('ok', false)
    await server.store.users.update(server.ada.user_id, { blocked: false })
    const deleted = await firstToken()
    server.pass(30 * 24 * hourMs)
    expect(await server.refresh(late)).toMatchObject({ code: 'invalid_grant' })
    await server.store.users.delete(server.ada.user_id)
    expect(await server.refresh(deleted)).toMatchObject({ code: 'invalid_grant' })
  })
})
