import { describe, expect, test } from 'vitest'
import { action, rule } from '../engine/use-engine.ts'
import { app, claimsOf, issuer, password, useServer } from './server.ts'

const basic = (id: string, secret: string): string => `Basic ${btoa(`${id}:${encodeURIComponent(secret)}`)}`

describe('/continue', () => {
  const server = useServer([
    {
      name: 'terms',
      script: rule(
        `user.runs = [context.protocol, context.request.query.accepted]; if (!user.user_metadata.terms) context.redirect = { url: 'https://terms.example/?lang=en' }; callback(null, user, context);`,
      ),
    },
    { name: 'remember', script: action(`api.user.setUserMetadata('remembered', true)`) },
    {
      name: 'scopes',
      script: `exports.onExecuteCredentialsExchange = async (event, api) => {
        api.accessToken.setCustomClaim('https://a/for', event.resource_server.identifier);
        api.transaction.addTargetScope('delete:users'); api.transaction.removeTargetScope('read:users');
        if (event.transaction.requested_scopes.includes('refuse')) api.access.deny('invalid_scope', 'Not that.');
      }`,
    },
  ])

  async function sentAway(): Promise<URL> {
    const response = await server.token({
      grant_type: 'password',
      ...app,
      username: 'ada@example.com',
      password,
      scope: 'openid email',
    })
    const body = (await response.json()) as Record<string, string>
    expect([response.status, body['error']]).toEqual([403, 'interaction_required'])
    return new URL(body['redirect_url'] ?? '')
  }

  async function back(state: string, init: RequestInit = {}, query = ''): Promise<[number, Record<string, string>]> {
    const request = new Request(`${issuer}/continue?state=${state}${query}`, init)
    const response = await server.server.handler(request, { ip: '203.0.113.9' })
    return [response.status, (await response.json()) as Record<string, string>]
  }
  const asApp = { headers: { authorization: basic(app.client_id, app.client_secret) } }

  test('a login that a rule sends elsewhere says where, with its state', async () => {
    const url = await sentAway()
    expect(url.origin + url.pathname).toBe('https://terms.example/')
    expect([url.searchParams.get('lang'), url.searchParams.get('state')]).toEqual([
      'en',
      expect.stringMatching(/^[\w-]{43}$/),
    ])
  })

  test('gives the client that began the login the tokens of it, after all rules ran again', async () => {
    const state = (await sentAway()).searchParams.get('state') ?? ''
    const [status, tokens] = await back(state, asApp, '&accepted=yes')
    expect([status, tokens['scope']]).toEqual([200, 'openid email'])
    expect(claimsOf(tokens['id_token'])).toMatchObject({ sub: server.adaId, email: 'ada@example.com' })
    const profile = await (await server.get('/userinfo', tokens['access_token'])).json()
    expect(profile).toMatchObject({ runs: ['redirect-callback', 'yes'] })
    const user = await server.store.users.get(server.adaId)
    expect(user?.user_metadata).toMatchObject({ remembered: true })
  })

  test('takes a form, too, and works once', async () => {
    const state = (await sentAway()).searchParams.get('state') ?? ''
    const form = (): RequestInit => ({ method: 'POST', body: new URLSearchParams(app) })
    expect((await back(state, form()))[0]).toBe(200)
    expect(await back(state, form())).toMatchObject([400, { error: 'invalid_request' }])
  })

  test('is of no use to another client, which does not use the state up', async () => {
    const state = (await sentAway()).searchParams.get('state') ?? ''
    const asManager = { headers: { authorization: basic('manager', 'manager-secret:with/odd+chars') } }
    expect(await back(state, asManager)).toMatchObject([400, { error: 'invalid_request' }])
    expect((await back(state, asApp))[0]).toBe(200)
  })

  test.each([
    { what: 'no state', state: '', init: asApp, status: 400, error: 'invalid_request' },
    { what: 'an unknown state', state: 'unknown', init: asApp, status: 400, error: 'invalid_request' },
    { what: 'no client', state: 'unknown', init: {}, status: 401, error: 'invalid_client' },
  ])('with $what is refused', async ({ state, init, status, error }) => {
    expect(await back(state, init)).toMatchObject([status, { error }])
  })

  test('ends for a user who is blocked meanwhile', async () => {
    const state = (await sentAway()).searchParams.get('state') ?? ''
    await server.store.users.update(server.adaId, { blocked: true })
    await server.store.users.update(server.adaId, { blocked: false })
    expect(await back(state, asApp)).toMatchObject([400, { error: 'invalid_request' }])
  })

  test('is another thing than client_credentials, whose actions may add claims and take scopes away', async () => {
    const manager = {
      grant_type: 'client_credentials',
      client_id: 'manager',
      client_secret: 'manager-secret:with/odd+chars',
    }
    const tokens = (await (await server.token(manager)).json()) as Record<string, string>
    expect(tokens['scope']).toBe('update:users')
    expect(claimsOf(tokens['access_token'])).toMatchObject({
      'https://a/for': `${issuer}/api/v2/`,
      gty: 'client-credentials',
    })
    const refused = await server.token({ ...manager, scope: 'refuse' })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: 'invalid_scope', error_description: 'Not that.' },
    ])
  })
})
