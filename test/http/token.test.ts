import { describe, expect, test } from 'vitest'
import { app, claimsOf, issuer, password, useServer } from './server.ts'

/** A rule for each way a login can end, chosen by the scope that the test asks for. */
const script = `function (user, context, callback) {
  var wish = context.request.query.wish || context.accessToken.scope[0];
  user.seen = { protocol: context.protocol, body: context.request.body, ip: context.request.ip, client: context.clientMetadata, count: context.stats.loginsCount };
  if (wish === 'deny') return callback(new UnauthorizedError('Not on a Sunday.'));
  if (wish === 'redirect') context.redirect = { url: 'https://form.example/' };
  if (wish === 'mfa') context.multifactor = { provider: 'any' };
  if (wish === 'throw') throw new Error('secret source detail');
  if (wish === 'scope') context.accessToken.scope = ['openid', 'chosen:by-rule'];
  if (wish === 'huge') for (var i = 0; i < 120; i++) context.idToken['c' + i] = new Array(1001).join('x');
  callback(null, user, context);
}`

describe('POST /oauth/token', () => {
  const server = useServer([{ name: 'wish', script }])
  const ada = { username: 'ada@example.com', password }
  const answer = async (response: Response | Promise<Response>): Promise<[number, Record<string, unknown>]> => {
    const { status } = await response
    return [status, (await (await response).json()) as Record<string, unknown>]
  }

  test('a password gives tokens, and is in nothing that the rule sees', async () => {
    const tokens = await server.logIn({ scope: 'openid' })
    const profile = (await (await server.get('/userinfo', tokens['access_token'])).json()) as {
      seen: Record<string, unknown>
    }
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 86_400, scope: 'openid' })
    expect(profile.seen).toMatchObject({ protocol: 'oauth2-password', ip: '203.0.113.9', client: { tier: 'gold' } })
    expect(profile.seen['body']).toEqual({
      grant_type: 'password',
      client_id: 'app',
      username: 'ada@example.com',
      scope: 'openid',
    })
  })

  test('the answer may not be cached', async () => {
    const response = await server.token({ grant_type: 'password', ...app, ...ada })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('JSON and HTTP Basic work as well', async () => {
    const response = await server.server.handler(
      new Request(`${issuer}/oauth/token`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${btoa(`${app.client_id}:${app.client_secret}`)}`,
        },
        body: JSON.stringify({ grant_type: 'password', ...ada }),
      }),
    )
    expect(response.status).toBe(200)
  })

  test('password-realm names the connection', async () => {
    const grant = { grant_type: 'http://auth0.com/oauth/grant-type/password-realm', ...app, ...ada }
    const realm = 'Username-Password-Authentication'
    expect((await server.token({ ...grant, realm })).status).toBe(200)
    expect(await answer(server.token({ ...grant, realm: 'elsewhere' }))).toMatchObject([
      403,
      { error: 'invalid_grant' },
    ])
    expect(await answer(server.token(grant))).toMatchObject([
      400,
      { error_description: 'The parameter realm is missing.' },
    ])
  })

  test('a client that was stored without grant types may use none', async () => {
    const client = { client_id: 'bare', client_secret: 'bare-secret-bare-secret' }
    await server.store.clients.create({ ...client, name: 'Bare' } as never)
    expect(await answer(server.token({ grant_type: 'password', ...client, ...ada }))).toMatchObject([
      expect.any(Number),
      { error: 'unauthorized_client' },
    ])
  })

  test('an unknown user and a wrong password get the same answer', async () => {
    const grant = { grant_type: 'password', ...app }
    const unknown = await answer(server.token({ ...grant, username: 'nobody@example.com', password }))
    const wrong = await answer(server.token({ ...grant, username: 'ada@example.com', password: 'guess' }))
    expect(unknown).toEqual([403, { error: 'invalid_grant', error_description: 'Wrong email or password.' }])
    expect(wrong).toEqual(unknown)
  })

  test.each([
    ['deny', 403, { error: 'access_denied', error_description: 'Not on a Sunday.' }],
    ['redirect', 403, { error: 'interaction_required' }],
    ['mfa', 403, { error: 'mfa_required' }],
    ['throw', 500, { error: 'server_error', error_description: 'The rule wish failed: RULE_THREW.' }],
  ])('a rule that asks for %s ends the login with %i', async (wish, status, body) => {
    const response = await answer(server.token({ grant_type: 'password', ...app, ...ada, scope: `${wish} openid` }))
    expect(response).toMatchObject([status, body])
    expect(JSON.stringify(response)).not.toContain('secret source detail')
  })

  test('a rule may change the granted scope', async () => {
    const tokens = await server.logIn({ scope: 'scope openid email' })
    expect(tokens['scope']).toBe('openid chosen:by-rule')
    expect(claimsOf(tokens['access_token'])['scope']).toBe('openid chosen:by-rule')
  })

  test('claims that do not fit into a token fail the login, with the size and the limit', async () => {
    const [status, body] = await answer(server.token({ grant_type: 'password', ...app, ...ada, scope: 'huge openid' }))
    expect([status, body['error']]).toEqual([500, 'server_error'])
    expect(body['error_description']).toMatch(/100[,]?000/)
  })

  test('a refresh token runs the rules again, works once, and asks for no more than was granted', async () => {
    const { refresh_token: first = '' } = await server.logIn({ scope: 'openid offline_access' })
    const grant = { grant_type: 'refresh_token', ...app }
    expect(await answer(server.token({ ...grant, refresh_token: first, scope: 'openid email' }))).toMatchObject([
      400,
      { error: 'invalid_scope' },
    ])
    const { refresh_token: second = '' } = await server.logIn({ scope: 'openid offline_access' })
    const [status, tokens] = await answer(server.token({ ...grant, refresh_token: second }))
    expect(status).toBe(200)
    const profile = await (await server.get('/userinfo', String(tokens['access_token']))).json()
    expect(profile).toMatchObject({ seen: { protocol: 'oauth2-refresh-token' } })
    expect(await answer(server.token({ ...grant, refresh_token: second }))).toMatchObject([
      403,
      { error: 'invalid_grant' },
    ])
  })

  test('client_credentials gives the scopes that the client may have, for its audience only', async () => {
    const manager = {
      grant_type: 'client_credentials',
      client_id: 'manager',
      client_secret: 'manager-secret:with/odd+chars',
    }
    const [, tokens] = await answer(server.token({ ...manager, scope: 'read:users delete:users' }))
    expect(tokens).toMatchObject({ scope: 'read:users', token_type: 'Bearer' })
    expect(claimsOf(String(tokens['access_token']))).toMatchObject({ aud: `${issuer}/api/v2/`, sub: 'manager@clients' })
    expect(await answer(server.token({ ...manager, audience: 'https://other.example/' }))).toMatchObject([
      403,
      { error: 'access_denied' },
    ])
  })

  test('HTTP Basic is percent-decoded', async () => {
    const basic = btoa(`manager:${encodeURIComponent('manager-secret:with/odd+chars')}`)
    const response = await server.token({ grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` })
    expect(response.status).toBe(200)
  })

  test.each([
    [
      'an unknown client',
      { grant_type: 'password', client_id: 'x', client_secret: 'y', ...ada },
      401,
      'invalid_client',
    ],
    ['a wrong client secret', { grant_type: 'password', ...app, client_secret: 'y', ...ada }, 401, 'invalid_client'],
    ['no client', { grant_type: 'password', ...ada }, 401, 'invalid_client'],
    ['no grant type', { ...app, ...ada }, 400, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'constructor', ...app }, 400, 'unsupported_grant_type'],
    ['a grant that the client may not use', { grant_type: 'client_credentials', ...app }, 403, 'unauthorized_client'],
    ['no user name', { grant_type: 'password', ...app, password }, 400, 'invalid_request'],
    ['an unknown refresh token', { grant_type: 'refresh_token', ...app, refresh_token: 'x' }, 403, 'invalid_grant'],
  ])('%s is answered with its OAuth error', async (_what, form, status, error) => {
    expect(await answer(server.token(form))).toMatchObject([status, { error }])
  })
})
