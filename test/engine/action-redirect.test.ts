import { jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import type { LoginContext } from '../../src/profile/context/context.ts'
import { action, useEngine } from './use-engine.ts'

const { run } = useEngine()
const secret = 'shared-with-the-form'

describe('what an outcome cannot carry', () => {
  test('api.prompt.render is named in the trace, once', async () => {
    const outcome = await run(action(`api.prompt.render('form'); api.prompt.render('form')`))
    expect(outcome.outcome).toBe('allow')
    expect(outcome.rules[0]?.logs).toEqual([
      { level: 'warn', message: 'api.prompt.render has no effect here: an outcome cannot carry it' },
    ])
  })

  test.each(['session', 'refreshToken'])('api.%s.revoke refuses the login, and is named', async (part) => {
    const outcome = await run(action(`api.${part}.revoke('Stolen.')`))
    expect(outcome).toMatchObject({ outcome: 'deny', reason: 'Stolen.' })
    expect(outcome.rules[0]?.logs[0]?.message).toContain(`api.${part}.revoke`)
  })

  test.each([
    `groups.getUserGroups()`,
    `groups.hasGroupMembership([])`,
    `roles.getUserEffectiveRoles()`,
    `roles.getUserEffectiveRolesByIds([])`,
    `roles.getUserEffectiveRolesByNames([])`,
  ])('api.%s rejects', async (call) => {
    const outcome = await run(action(`await api.${call}`))
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW' } })
    expect(outcome.reason).toContain(`${call.split('(')[0]} is not offered here`)
  })
})

describe('redirect', () => {
  test('canRedirect knows flows without a browser, and requests that must not show anything', async () => {
    const script = action(`api.idToken.setCustomClaim('can', api.redirect.canRedirect())`)
    const can = async (context: LoginContext): Promise<unknown> =>
      (await run(script, { context })).claims.idToken['can']
    expect(await can({ protocol: 'oidc-basic-profile' })).toBe(true)
    expect(await can({ protocol: 'oidc-basic-profile', request: { query: { prompt: 'none' } } })).toBe(false)
    expect(await can({ protocol: 'oauth2-refresh-token' })).toBe(false)
    expect(await can({ protocol: 'oauth2-password' })).toBe(false)
  })

  test('sendUserTo adds its query, ends the run, and no other action runs', async () => {
    const outcome = await run([
      action(`api.redirect.sendUserTo('https://form.example/start?a=1', { query: { b: 'x y', a: 2 } })`),
      action(`api.idToken.setCustomClaim('next', true)`),
    ])
    expect(outcome).toMatchObject({
      outcome: 'redirect',
      redirect: { url: 'https://form.example/start?a=2&b=x+y' },
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(outcome.rules).toHaveLength(1)
  })

  test('sendUserTo refuses what is no URL', async () => {
    expect(await run(action(`api.redirect.sendUserTo('form')`))).toMatchObject({ error: { code: 'RULE_THREW' } })
  })

  test('encodeToken signs who the user is and what it was given, for 15 minutes or as said', async () => {
    const { claims } = await run(
      action(`
        const secret = '${secret}';
        api.idToken.setCustomClaim('tokens', [
          api.redirect.encodeToken({ secret, payload: { email: 'ada@example.com' } }),
          api.redirect.encodeToken({ secret, payload: {}, expiresInSeconds: 60 }),
        ]);`),
      { context: { request: { ip: '203.0.113.9', hostname: 'login.example.com' } } },
    )
    const [first, second] = claims.idToken['tokens'] as [string, string]
    const key = new TextEncoder().encode(secret)
    const { payload, protectedHeader } = await jwtVerify(first, key)
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(payload).toMatchObject({
      sub: 'auth0|1',
      iss: 'login.example.com',
      ip: '203.0.113.9',
      email: 'ada@example.com',
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900)
    const { payload: short } = await jwtVerify(second, key)
    expect((short.exp ?? 0) - (short.iat ?? 0)).toBe(60)
  })

  test.each(['encodeToken', 'validateToken'])('%s needs a secret', async (member) => {
    const outcome = await run(action(`api.redirect.${member}({})`))
    expect(outcome.reason).toMatch(/the option secret takes a text/)
  })
})

describe('authentication', () => {
  test('setPrimaryUser says it in the context', async () => {
    const { context } = await run(action(`api.authentication.setPrimaryUser('auth0|2')`))
    expect(context.primaryUser).toBe('auth0|2')
  })

  test('recordMethod is for those who come back', async () => {
    const outcome = await run(action(`api.authentication.recordMethod('https://mfa.example/')`))
    expect(outcome.reason).toMatch(/in onContinuePostLogin only/)
  })
})
