import { describe, expect, test } from 'vitest'
import { createIssuer } from '../../../src/tokens/issuer.ts'
import { createKeyring } from '../../../src/tokens/keyring.ts'
import { app, issuer, password, useServer } from '../server.ts'

const fixture = useServer([])
const audience = `${issuer}/api/v2/`

async function clientToken(scope: string): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'manager',
    client_secret: 'manager-secret:with/odd+chars',
  }
  const response = await fixture.token({ ...form, audience, scope })
  return ((await response.json()) as { access_token: string }).access_token
}

const adaPath = (): string => `/api/v2/users/${encodeURIComponent(fixture.adaId)}`

describe('every call of the Management API', () => {
  test('needs a token', async () => {
    const response = await fixture.get(adaPath())
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.json()).toMatchObject({ statusCode: 401, error: 'Unauthorized' })
  })

  test('refuses a token of another issuer, of another audience, and no token at all', async () => {
    const stranger = createIssuer({ issuer, keyring: await createKeyring() })
    const forged = await stranger.signAccessToken({
      sub: 'manager@clients',
      audience,
      clientId: 'manager',
      scope: 'read:users',
      ruleClaims: {},
      expiresInSeconds: 60,
    })
    const { access_token: forUserinfo = '' } = await fixture.logIn()
    for (const token of [forged, forUserinfo, 'nonsense']) {
      expect((await fixture.get(adaPath(), token)).status).toBe(401)
    }
  })

  test('needs one of the scopes of its operation, and names them', async () => {
    const response = await fixture.get(adaPath(), await clientToken('update:users'))
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      errorCode: 'insufficient_scope',
      message: expect.stringContaining('read:users') as string,
    })
  })

  test('refuses query parameters that the operation does not have', async () => {
    const response = await fixture.get(`${adaPath()}?nonsense=1`, await clientToken('read:users'))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errorCode: 'invalid_query_string' })
  })

  test('says which methods a path takes, and where there is nothing', async () => {
    const headers = { authorization: `Bearer ${await clientToken('read:users')}` }
    const wrong = await fixture.server.handler(new Request(issuer + adaPath(), { method: 'PUT', headers }))
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toContain('GET')
    expect((await fixture.get('/api/v2/nowhere', headers.authorization)).status).toBe(404)
  })
})

describe("a user's own token", () => {
  async function ownToken(): Promise<string> {
    const form = { ...app, username: 'ada@example.com', password, audience, scope: 'read:current_user' }
    const response = await fixture.token({ grant_type: 'password', ...form })
    return ((await response.json()) as { access_token: string }).access_token
  }

  test('reads that user and nobody else', async () => {
    const grace = await fixture.store.users.create({ connection: 'other', email: 'grace@example.com' })
    const token = await ownToken()
    expect((await fixture.get(adaPath(), token)).status).toBe(200)
    expect((await fixture.get(`/api/v2/users/${encodeURIComponent(grace.user_id ?? '')}`, token)).status).toBe(403)
  })

  test('ends when the user is blocked', async () => {
    const token = await ownToken()
    await fixture.store.users.update(fixture.adaId, { blocked: true })
    expect((await fixture.get(adaPath(), token)).status).toBe(401)
    await fixture.store.users.update(fixture.adaId, { blocked: false })
  })
})
