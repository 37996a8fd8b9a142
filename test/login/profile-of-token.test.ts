import { describe, expect, test } from 'vitest'
import { createIssuer } from '../../src/tokens/issuer.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'
import { client, issuerUrl, startMs, useLogin, valueOf } from './fixture.ts'

const enrich = `function (user, context, callback) {
  global.runs = (global.runs || 0) + 1;
  user.runs = global.runs;
  user.sub = 'auth0|somebody';
  user.name = 'Ada the First';
  user.password = 'from a rule';
  context.idToken.sub = 'auth0|else';
  context.idToken.sid = 'mine';
  context.idToken['https://x.example/plan'] = user.plan;
  callback(null, user, context);
}`

describe('the profile behind an access token', () => {
  const server = useLogin(enrich, { overlay: { nickname: "user_metadata.nickname || 'none'" } })

  test('is what the rules left, with sub pinned, and the rules run no second time', async () => {
    const { access_token: token } = valueOf(await server.password())
    const first = valueOf(await server.login.userinfo(token))
    await server.store.users.update(server.ada.user_id, { name: 'Later', user_metadata: { nickname: 'later' } })
    expect(valueOf(await server.login.userinfo(token))).toEqual(first)
    expect(first).toMatchObject({
      sub: server.ada.user_id,
      name: 'Ada the First',
      nickname: 'none',
      'https://x.example/plan': 'pro',
    })
    expect(first).not.toHaveProperty('sid')
    expect(first).not.toHaveProperty('password')
  })

  test('ends with the token, when the user is blocked, and when they are deleted', async () => {
    const { access_token: late } = valueOf(await server.password())
    server.pass(86_400_000)
    expect(await server.login.userinfo(late)).toMatchObject({ ok: false, code: 'invalid_token' })
    const { access_token: blocked } = valueOf(await server.password())
    await server.store.users.update(server.ada.user_id, { blocked: true })
    expect(await server.login.userinfo(blocked)).toMatchObject({ ok: false, code: 'invalid_token' })
    await server.store.users.update(server.ada.user_id, { blocked: false })
    const { access_token: deleted } = valueOf(await server.password())
    await server.store.users.delete(server.ada.user_id)
    expect(await server.login.userinfo(deleted)).toMatchObject({ ok: false, code: 'invalid_token' })
  })

  test('is closed to other tokens: of another kind, issuer, key or login, or broken', async () => {
    const { access_token: accessToken, id_token: idToken = '' } = valueOf(await server.password())
    const claims = { sub: server.ada.user_id, audience: issuerUrl, clientId: 'app', scope: 'openid', ruleClaims: {} }
    const strange = createIssuer({
      issuer: issuerUrl,
      keyring: await createKeyring({ clock: () => startMs }),
      clock: () => startMs,
    })
    const elsewhere = createIssuer({
      issuer: 'https://else.example.com',
      keyring: server.keyring,
      clock: () => startMs,
    })
    const sid = String((await server.issuer.verifyAccessToken(accessToken))['sid'])
    const tokens = [
      idToken,
      '',
      'x.y.z',
      `${accessToken}x`,
      await strange.signAccessToken({ ...claims, sid, expiresInSeconds: 60 }),
      await elsewhere.signAccessToken({ ...claims, sid, expiresInSeconds: 60 }),
      await server.issuer.signAccessToken({ ...claims, sid: 'unknown', expiresInSeconds: 60 }),
      await server.issuer.signAccessToken({ ...claims, sub: 'auth0|other', sid, expiresInSeconds: 60 }),
    ]
    for (const token of tokens) {
      expect(await server.login.userinfo(token)).toMatchObject({ ok: false, code: 'invalid_token' })
    }
    expect(await server.login.tokeninfo(accessToken)).toMatchObject({ ok: false, code: 'invalid_token' })
  })

  test('is closed to the token of a client, even one with the scope openid', async () => {
    const audience = 'https://api.example.com/'
    const manager = { ...client, audience, scopes: ['openid'] }
    const { access_token: token } = valueOf(await server.login.clientCredentials({ client: manager, request: {} }))
    expect(await server.login.userinfo(token)).toMatchObject({ ok: false, code: 'invalid_token' })
  })
})

describe('with scoping oidc', () => {
  const server = useLogin(enrich, { scoping: 'oidc' })

  test('the token needs the scope openid, and its other scopes say what is shown', async () => {
    const { access_token: without } = valueOf(await server.password({ scope: 'profile' }))
    const { access_token: bare } = valueOf(await server.password({ scope: 'openid' }))
    expect(await server.login.userinfo(without)).toMatchObject({ ok: false, code: 'insufficient_scope' })
    expect(valueOf(await server.login.userinfo(bare))).toEqual({
      sub: server.ada.user_id,
      'https://x.example/plan': 'pro',
    })
  })
})

describe('with tokeninfo profile', () => {
  const server = useLogin(enrich, { tokeninfo: 'profile' })

  test('an ID token stands for the stored profile, until the user is deleted', async () => {
    const { id_token: token = '' } = valueOf(await server.password())
    const profile = valueOf(await server.login.tokeninfo(token))
    expect(profile).toEqual(await server.store.users.get(server.ada.user_id))
    await server.store.users.delete(server.ada.user_id)
    expect(await server.login.tokeninfo(token)).toMatchObject({ ok: false, code: 'invalid_token' })
  })
})
