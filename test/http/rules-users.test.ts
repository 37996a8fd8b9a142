import { describe, expect, test } from 'vitest'
import { claimsOf, issuer, useServer } from './server.ts'

describe('what rules reach as auth0', () => {
  const script = `async (user, context, callback) => {
    await auth0.users.updateUserMetadata(user.user_id, { color: 'green' });
    try {
      await auth0.users.updateAppMetadata('auth0|nobody', { color: 'red' });
    } catch (error) {
      user.failure = error.message;
    }
    user.token = auth0.accessToken;
    user.base = auth0.baseUrl;
    callback(null, user, context);
  }`
  const startMs = Date.parse('2026-11-20T10:00:00Z')
  const server = useServer([{ name: 'update', script }], { clock: () => startMs })

  test('updates are kept, an unknown user is an error, and the token is one of this server’s clock', async () => {
    const { access_token: token } = await server.logIn()
    const profile = (await (await server.get('/userinfo', token)).json()) as Record<string, string>
    expect(profile['failure']).toContain('The user does not exist.')
    expect(profile['base']).toBe(`${issuer}/api/v2`)
    expect(claimsOf(profile['token'])).toMatchObject({
      aud: `${issuer}/api/v2/`,
      scope: 'read:users update:users',
      iat: startMs / 1_000,
    })
    expect((await server.store.users.get(server.adaId))?.user_metadata).toMatchObject({ color: 'green' })
  })
})
