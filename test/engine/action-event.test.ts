import { expect, test } from 'vitest'
import { action, rule, useEngine } from './use-engine.ts'

const { engine, run } = useEngine({ secrets: { KEY: 'value' } })
const show = `api.idToken.setCustomClaim('event', event)`

const user = {
  user_id: 'auth0|1',
  email: 'ada@example.com',
  created_at: new Date('2026-01-01T00:00:00Z'),
  identities: [{ connection: 'acme', provider: 'oidc', user_id: 'acme|1' }],
  app_metadata: { plan: 'pro' },
}
const context = {
  tenant: 'example',
  clientID: 'app',
  clientName: 'App',
  clientMetadata: { tier: 'gold' },
  connection: 'acme',
  connectionID: 'con_1',
  connectionStrategy: 'oidc',
  connectionMetadata: { region: 'eu' },
  protocol: 'oidc-basic-profile',
  sessionID: 'session-1',
  request: {
    ip: '203.0.113.9',
    hostname: 'login.example.com',
    method: 'GET',
    userAgent: 'Test',
    query: { scope: 'openid email', prompt: 'login consent', redirect_uri: 'https://app.example/', login_hint: 'ada' },
    body: {},
    geoip: { country_code: 'DE', city_name: 'Bonn', time_zone: 'Europe/Berlin', latitude: 50.7 },
  },
  stats: { loginsCount: 3 },
  authentication: { methods: [{ name: 'pwd', timestamp: Date.UTC(2026, 10, 24) }] },
  riskAssessment: { confidence: 'low' },
  authorization: { roles: ['admin'] },
  organization: { id: 'org_1', name: 'acme', metadata: {} },
  resource_server: { identifier: 'https://api.example/' },
  refresh_token: { id: 'rt_1' },
  prompt: { id: 'form', fields: { a: '1' } },
  security_context: { ja3: 'x' },
  idToken: {},
  accessToken: { scope: ['openid'] },
}

test('event is made of user and context by one mapping', async () => {
  const { claims } = await run(action(show), { user, context })
  expect(claims.idToken['event']).toEqual({
    user: { ...user, created_at: '2026-01-01T00:00:00.000Z', user_metadata: {} },
    client: { client_id: 'app', name: 'App', metadata: { tier: 'gold' } },
    connection: { id: 'con_1', name: 'acme', strategy: 'oidc', metadata: { region: 'eu' } },
    request: {
      ip: '203.0.113.9',
      hostname: 'login.example.com',
      method: 'GET',
      user_agent: 'Test',
      query: context.request.query,
      body: {},
      geoip: { countryCode: 'DE', cityName: 'Bonn', timeZone: 'Europe/Berlin', latitude: 50.7 },
    },
    stats: { logins_count: 3 },
    tenant: { id: 'example' },
    transaction: {
      id: 'session-1',
      protocol: 'oidc-basic-profile',
      requested_scopes: ['openid', 'email'],
      acr_values: [],
      locale: 'en',
      ui_locales: [],
      prompt: ['login', 'consent'],
      redirect_uri: 'https://app.example/',
      login_hint: 'ada',
      metadata: {},
    },
    authentication: {
      methods: [{ name: 'pwd', timestamp: '2026-11-24T00:00:00.000Z' }],
      riskAssessment: { confidence: 'low' },
    },
    authorization: { roles: ['admin'] },
    organization: { id: 'org_1', name: 'acme', metadata: {} },
    session: { id: 'session-1', metadata: {} },
    refresh_token: { id: 'rt_1' },
    resource_server: { identifier: 'https://api.example/' },
    prompt: { id: 'form', fields: { a: '1' } },
    security_context: { ja3: 'x' },
    secrets: { KEY: 'value' },
  })
})

test('of a login of which little is known, it has what every action may rely on', async () => {
  const { claims } = await run(action(show), { user: {}, context: {} })
  expect(claims.idToken['event']).toEqual({
    user: { user_metadata: {}, app_metadata: {} },
    client: { metadata: {} },
    connection: { metadata: {} },
    request: { query: {}, body: {}, geoip: {} },
    stats: { logins_count: 0 },
    tenant: {},
    transaction: { requested_scopes: [], acr_values: [], locale: 'en', ui_locales: [], metadata: {} },
    secrets: { KEY: 'value' },
  })
})

test.each([
  [{ query: { acr_values: 'urn:mfa urn:loa:2' } }, { acr_values: ['urn:mfa', 'urn:loa:2'] }],
  [
    { query: { ui_locales: 'fr-CA fr' }, language: 'de' },
    { ui_locales: ['fr-CA', 'fr'], locale: 'fr-CA' },
  ],
  [{ language: 'de-DE,de;q=0.9,en;q=0.8' }, { ui_locales: [], locale: 'de-DE' }],
])('of a request with %j its transaction has %j', async (request, transaction) => {
  const { claims } = await run(action(show), { user: {}, context: { request } })
  expect(claims.idToken['event']).toMatchObject({ transaction })
})

test('a client that asks for a token runs the actions of credentials-exchange, and no others', async () => {
  await run([
    rule(`context.accessToken.rule = true; callback(null, user, context);`),
    action(`api.accessToken.setCustomClaim('login', true)`),
    `exports.onExecuteCredentialsExchange = async (event, api) => {
       api.accessToken.setCustomClaim('event', event);
       api.transaction.addTargetScope('c'); api.transaction.removeTargetScope('a');
     }`,
  ])
  const exchange = {
    tenant: 'example',
    clientID: 'app',
    accessToken: { scope: ['a', 'b'] },
    resource_server: { identifier: 'x' },
  }
  const outcome = await engine.exchangeCredentials({ context: exchange })
  expect(outcome).toMatchObject({ outcome: 'allow', context: { accessToken: { scope: ['b', 'c'] } } })
  expect(outcome.claims.accessToken).toEqual({
    event: {
      accessToken: { customClaims: {}, scope: ['a', 'b'] },
      client: { client_id: 'app', metadata: {} },
      request: { query: {}, body: {}, geoip: {} },
      resource_server: { identifier: 'x' },
      tenant: { id: 'example' },
      transaction: { requested_scopes: ['a', 'b'], target_scopes: ['a', 'b'] },
      secrets: { KEY: 'value' },
    },
  })
  expect((await engine.run({ user, context: { accessToken: {} } })).claims.accessToken).toEqual({
    rule: true,
    login: true,
  })
})

test.each([
  [`api.transaction.setTargetScopes(['x', 'y'])`, ['x', 'y']],
  [`api.transaction.clearTargetScopes()`, []],
])('%s', async (call, scope) => {
  await run(`exports.onExecuteCredentialsExchange = (event, api) => { ${call} }`)
  const outcome = await engine.exchangeCredentials({ context: { accessToken: { scope: ['a'] } } })
  expect(outcome.context.accessToken?.scope).toEqual(scope)
})

test('a credentials-exchange action refuses with an OAuth error code', async () => {
  await run(
    `exports.onExecuteCredentialsExchange = async (event, api) => { api.access.deny('invalid_scope', 'Too much.') }`,
  )
  const outcome = await engine.exchangeCredentials({ context: {} })
  expect(outcome).toMatchObject({ outcome: 'deny', reason: 'Too much.', reasonCode: 'invalid_scope' })
})
