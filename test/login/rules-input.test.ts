import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildRulesUser } from '../../src/login/run/rules-input.ts'
import { startMs, useLogin, valueOf } from './fixture.ts'

describe('what a rule is given', () => {
  const server = useLogin(`function (user, context, callback) {
    user.seen = { user: JSON.parse(JSON.stringify(user)), context: JSON.parse(JSON.stringify(context)) };
    callback(null, user, context);
  }`)

  async function seen(): Promise<{ user: Record<string, unknown>; context: Record<string, unknown> }> {
    const tokens = valueOf(await server.password())
    return valueOf(await server.login.userinfo(tokens.access_token))['seen'] as never
  }

  test('the context holds what Auth0 documents, and what actions need', async () => {
    const { context } = await seen()
    expect(context).toEqual({
      tenant: 'example',
      clientID: 'app',
      clientName: 'App',
      clientMetadata: { tier: 'gold' },
      connection: 'Username-Password-Authentication',
      connectionID: (await server.store.connections.getByName('Username-Password-Authentication'))?.id,
      connectionStrategy: 'auth0',
      connectionOptions: {},
      connectionMetadata: {},
      protocol: 'oauth2-password',
      sessionID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      request: { ip: '203.0.113.9', hostname: 'login.example.com', query: {}, body: {} },
      stats: { loginsCount: 1 },
      sso: { with_auth0: false, with_dbconn: false, current_clients: ['app'] },
      authentication: { methods: [{ name: 'pwd', timestamp: startMs }] },
      authorization: { roles: ['admin'] },
      resource_server: { identifier: 'https://login.example.com/userinfo' },
      idToken: {},
      accessToken: { scope: ['openid'] },
    })
  })

  test('the user is the stored profile of this login, with app_metadata at the root too', async () => {
    const { user } = await seen()
    expect(user).toMatchObject({ user_id: server.ada.user_id, plan: 'pro', email: server.ada.email, logins_count: 1 })
    expect(user['app_metadata']).toMatchObject({ plan: 'pro', email: 'other@example.com' })
    expect(user).not.toHaveProperty('user_metadata')
    expect(JSON.stringify(user)).not.toMatch(/argon2|correct horse/)
  })
})

test('app_metadata never covers an attribute of the profile', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (root, data) => {
        const user = buildRulesUser({ ...root, app_metadata: data })
        for (const [name, value] of Object.entries(root)) {
          if (name !== 'app_metadata' && !name.startsWith('password')) expect(user[name]).toEqual(value)
        }
        expect(user.app_metadata).toEqual(data)
      },
    ),
  )
})

test('a store that lets a password through does not bring it to the rules', () => {
  const user = { name: 'Ada', password: 'x', passwordHash: 'y', app_metadata: { password_hash: 'z' } }
  expect(Object.keys(buildRulesUser(user)).toSorted()).toEqual(['app_metadata', 'name'])
})
