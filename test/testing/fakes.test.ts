import { describe, expect, test } from 'vitest'
import { type FakeStrategy, fakeContext, fakeUser, loadRule } from '../../src/testing/index.ts'
import { fakeConnections } from '../../src/testing/fakes/fake-connections.ts'

const strategies = Object.keys(fakeConnections) as FakeStrategy[]

test('the same seed makes up the same login, another seed another one', () => {
  expect(fakeUser()).toEqual(fakeUser({}, { seed: 1 }))
  expect(fakeContext({}, { seed: 'a' })).toEqual(fakeContext({}, { seed: 'a' }))
  expect(fakeUser({}, { seed: 2 })).not.toEqual(fakeUser())
  expect(new Set(Array.from({ length: 50 }, (_, seed) => fakeUser({}, { seed }).user_id)).size).toBe(50)
})

test('any part is overridden, however deep, and undefined takes one away', () => {
  const user = fakeUser({
    email: 'me@example.com',
    app_metadata: { roles: ['admin'] },
    picture: undefined,
    identities: [],
  })
  expect(user).toMatchObject({ email: 'me@example.com', app_metadata: { roles: ['admin'] }, identities: [] })
  expect(user).not.toHaveProperty('picture')
  const { request } = fakeContext({ request: { geoip: { country_code: 'DE' }, query: { prompt: 'none' } } })
  expect(request.geoip).toMatchObject({ country_code: 'DE', time_zone: 'Europe/London' })
  expect(request.query).toMatchObject({ prompt: 'none', response_type: 'code' })
})

describe.each(strategies)('a user of %s', (strategy) => {
  const user = fakeUser({}, { strategy })
  const context = fakeContext({}, { strategy })

  test('is known by the id of their first identity', () => {
    const [identity] = user.identities ?? []
    expect(user.user_id).toBe(`${identity?.provider}|${identity?.user_id}`)
    expect(identity?.connection).toBe(context.connection)
    expect(context.connectionStrategy).toBe(strategy)
  })

  test('goes through a rule as they are', async () => {
    const before = structuredClone(user)
    const { outcome } = await loadRule(`function (user, context, callback) { callback(null, user, context) }`)(
      user,
      context,
    )
    expect(outcome).toBe('allow')
    expect(user).toEqual(before)
  })
})

test('what a connection does not know is not made up', () => {
  expect(fakeUser({}, { strategy: 'sms' })).not.toHaveProperty('email')
  expect(fakeUser({}, { strategy: 'email' })).not.toHaveProperty('given_name')
  expect(fakeUser({}, { strategy: 'ad' })['groups']).toContain('Domain Users')
  expect(fakeContext({}, { strategy: 'sms' }).authentication?.methods).toMatchObject([{ name: 'sms' }])
})

test.each([
  ['oidc-basic-profile', { query: { response_type: 'code' } }],
  ['oauth2-password', { body: { grant_type: 'password' } }],
  ['oauth2-refresh-token', { body: { grant_type: 'refresh_token' } }],
  ['samlp', { query: {} }],
] as const)('the request of %s looks like one', (protocol, request) => {
  const context = fakeContext({}, { protocol })
  expect(context).toMatchObject({ protocol, request })
  expect('sessionID' in context).toBe(protocol !== 'oauth2-password')
})

test.each([
  () => fakeUser({}, { strategy: 'myspace' as never }),
  () => fakeContext({}, { strategy: 'myspace' as never }),
])('a connection that is not there is an error that names those that are', (make) => {
  expect(make).toThrow(/there is no strategy myspace; there are auth0, google-oauth2/)
})
