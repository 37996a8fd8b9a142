import { describe, expect, test } from 'vitest'
import { action, rule, useEngine } from './use-engine.ts'

const { run } = useEngine()

describe('metadata of transaction, session and refresh token', () => {
  test.each([
    ['transaction', 'transaction'],
    ['session', 'session'],
    ['refreshToken', 'refresh_token'],
  ])('api.%s.setMetadata shows in the event at once, to the next actions, and in the context', async (member, part) => {
    const outcome = await run([
      action(
        `api.${member}.setMetadata('a', '1'); api.${member}.setMetadata('b', '2'); api.idToken.setCustomClaim('now', event.${part}.metadata)`,
      ),
      action(`api.${member}.setMetadata('b', null); api.idToken.setCustomClaim('next', event.${part}.metadata)`),
    ])
    expect(outcome.claims.idToken).toEqual({ now: { a: '1', b: '2' }, next: { a: '1' } })
    expect(outcome.context[part]).toEqual({ metadata: { a: '1' } })
  })

  test('session metadata is deleted, one key or all', async () => {
    const { context } = await run(
      action(
        `api.session.setMetadata('a', '1'); api.session.setMetadata('b', '2'); api.session.deleteMetadata('a'); api.refreshToken.evictMetadata()`,
      ),
      { context: { refresh_token: { metadata: { x: '1' } } } },
    )
    expect(context).toMatchObject({ session: { metadata: { b: '2' } }, refresh_token: { metadata: {} } })
  })
})

describe('when a session and a refresh token end', () => {
  const atMs = Date.parse('2026-11-25T08:00:00.000Z')

  test.each([
    ['session', 'session'],
    ['refreshToken', 'refresh_token'],
  ])('api.%s says it in context.%s, and at once in the event', async (member, part) => {
    const outcome = await run(
      action(
        `api.${member}.setExpiresAt(${atMs}); api.${member}.setIdleExpiresAt(${atMs - 60_000});
         api.idToken.setCustomClaim('seen', event.${part}.expires_at)`,
      ),
      { context: { [part]: { id: 'id-1', created_at: '2026-11-24T08:00:00.000Z' }, idToken: {} } },
    )
    expect(outcome.context[part]).toMatchObject({
      id: 'id-1',
      created_at: '2026-11-24T08:00:00.000Z',
      expires_at: '2026-11-25T08:00:00.000Z',
      idle_expires_at: '2026-11-25T07:59:00.000Z',
    })
    expect(outcome.claims.idToken['seen']).toBe('2026-11-25T08:00:00.000Z')
    expect(outcome.rules[0]?.logs).toEqual([])
  })

  test.each([`'tomorrow'`, 'NaN', '1e300', 'undefined'])('%s is no time that it could end', async (time) => {
    const outcome = await run(action(`api.session.setExpiresAt(${time})`))
    expect(outcome.reason).toContain('api.session.setExpiresAt takes milliseconds since 1970')
  })

  test('the cookie of a session may outlive the browser', async () => {
    const outcome = await run(action(`api.session.setCookieMode('persistent')`))
    expect(outcome.context['session']).toMatchObject({ cookie: { mode: 'persistent' } })
  })
})

describe('a SAML response', () => {
  test('is configured where rules configure it', async () => {
    const byRule = await run(
      rule(`
        Object.assign(context.samlConfiguration, { audience: 'urn:a', lifetimeInSeconds: 60, signResponse: true, RelayState: 'r' });
        callback(null, user, context);`),
      { context: { samlConfiguration: { issuer: 'urn:i' } } },
    )
    const byAction = await run(
      action(`
        api.samlResponse.setAudience('urn:a').samlResponse.setLifetimeInSeconds(60);
        api.samlResponse.setSignResponse(true); api.samlResponse.setRelayState('r')`),
      { context: { samlConfiguration: { issuer: 'urn:i' } } },
    )
    expect(byAction.context.samlConfiguration).toEqual(byRule.context.samlConfiguration)
    expect(byAction.context.samlConfiguration).toMatchObject({ audience: 'urn:a', issuer: 'urn:i' })
  })

  test('has the attributes that an action sets, beside what rules map from the profile', async () => {
    const outcome = await run([
      rule(`context.samlConfiguration = { mappings: { 'urn:mail': 'email' } }; callback(null, user, context);`),
      action(`api.samlResponse.setAttribute('urn:groups', ['a', 'b']).samlResponse.setAttribute('urn:none', null)`),
    ])
    expect(outcome.context.samlConfiguration).toEqual({
      mappings: { 'urn:mail': 'email' },
      attributes: { 'urn:groups': ['a', 'b'], 'urn:none': null },
    })
  })
})
