import { describe, expect, test } from 'vitest'
import type { Metadata } from '../../src/profile/user/user.ts'
import { action, rule, useEngine } from './use-engine.ts'

const calls: [what: string, id: string, data: Metadata][] = []
let isStoreDown = false
const save = (what: string) => async (id: string, data: Metadata) => {
  if (isStoreDown) throw new Error('the store is down')
  calls.push([what, id, data])
}
const { engine, run } = useEngine({
  users: { updateUserMetadata: save('user_metadata'), updateAppMetadata: save('app_metadata') },
})

describe('access', () => {
  test('deny refuses, once the action is over, and no other action runs', async () => {
    const outcome = await run([
      action(`api.access.deny('Not on a Sunday.'); api.idToken.setCustomClaim('after', true)`),
      action(`api.idToken.setCustomClaim('next', true)`),
    ])
    expect(outcome).toMatchObject({ outcome: 'deny', reason: 'Not on a Sunday.', claims: { idToken: { after: true } } })
    expect(outcome.rules.map(({ status }) => status)).toEqual(['deny'])
    expect(outcome).not.toHaveProperty('reasonCode')
  })

  test("not even onError: 'skip' overrules it", async () => {
    expect(await run([{ script: action(`api.access.deny('no')`), onError: 'skip' }])).toMatchObject({ outcome: 'deny' })
  })

  test.each([
    [`api.validation.error('too-young', 'You must be 18.')`, 'You must be 18.'],
    [`api.access.deny('too-young', 'You must be 18.')`, 'You must be 18.'],
  ])('%s refuses with a code', async (body, reason) => {
    expect(await run(action(body))).toMatchObject({ outcome: 'deny', reason, reasonCode: 'too-young' })
  })
})

describe('tokens', () => {
  test('claims go where they belong; reserved ones are dropped, and named', async () => {
    const outcome = await run(
      action(
        `api.idToken.setCustomClaim('a', 1).idToken.setCustomClaim('iss', 'x'); api.accessToken.setCustomClaim('b', { c: null })`,
      ),
    )
    expect(outcome.claims).toEqual({ idToken: { a: 1 }, accessToken: { b: { c: null } } })
    expect(outcome.rules[0]?.logs.map(({ message }) => message)).toEqual([
      'the claim iss of context.idToken is reserved, so it was dropped',
    ])
  })

  test('scopes are added and removed', async () => {
    const outcome = await run(
      action(
        `api.accessToken.addScope('read:x'); api.accessToken.addScope('openid'); api.accessToken.removeScope('email')`,
      ),
      { context: { accessToken: { scope: ['openid', 'email'] } } },
    )
    expect(outcome.context.accessToken?.scope).toEqual(['openid', 'read:x'])
  })

  test('a claim without a value is none, as where a rule writes it', async () => {
    const outcome = await run([
      rule(`context.idToken.a = 1; context.idToken.b = undefined; callback(null, user, context);`),
      action(`api.idToken.setCustomClaim('a', undefined).idToken.setCustomClaim('c', null)`),
    ])
    expect(outcome.claims.idToken).toEqual({ c: null })
  })

  test('the scopes are no claim that could be set', async () => {
    const outcome = await run(action(`api.accessToken.setCustomClaim('scope', ['all'])`), {
      context: { accessToken: { scope: ['openid'] } },
    })
    expect(outcome.context.accessToken?.scope).toEqual(['openid'])
    expect(outcome.rules[0]?.logs[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('scope') })
  })
})

describe('user metadata', () => {
  const user = { user_id: 'auth0|1', user_metadata: { old: 1, stays: 2 } }

  test('is saved once after the last action, and seen by the next ones', async () => {
    calls.length = 0
    const outcome = await run(
      [
        action(
          `api.user.setUserMetadata('color', 'red'); api.user.setAppMetadata('plan', { name: 'pro' }); api.user.setUserMetadata('old', null)`,
        ),
        action(
          `api.idToken.setCustomClaim('seen', [event.user.user_metadata, event.user.app_metadata]); api.user.setUserMetadata('color', 'blue')`,
        ),
      ],
      { user },
    )
    expect(outcome.claims.idToken).toEqual({ seen: [{ stays: 2, color: 'red' }, { plan: { name: 'pro' } }] })
    expect(outcome.user).toMatchObject({
      user_metadata: { stays: 2, color: 'blue' },
      app_metadata: { plan: { name: 'pro' } },
    })
    expect(calls).toEqual([
      ['user_metadata', 'auth0|1', { color: 'blue', old: null }],
      ['app_metadata', 'auth0|1', { plan: { name: 'pro' } }],
    ])
  })

  test('is saved although the login is refused, but not where an action fails', async () => {
    calls.length = 0
    await run(action(`api.user.setAppMetadata('refused', 1); api.access.deny('no')`), { user })
    await run([action(`api.user.setAppMetadata('lost', 1)`), action(`throw new Error('oops')`)], { user })
    expect(calls).toEqual([['app_metadata', 'auth0|1', { refused: 1 }]])
  })

  test('that cannot be saved fails the login', async () => {
    isStoreDown = true
    const outcome = await run(action(`api.user.setAppMetadata('a', 1)`), { user })
    isStoreDown = false
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW' } })
    expect(outcome.reason).toBe('the metadata that actions set could not be saved: the store is down')
  })
})

describe('a second factor', () => {
  test('multifactor.enable asks for it as a rule does, and the next actions run', async () => {
    const outcome = await run([
      action(`api.multifactor.enable('duo', { allowRememberBrowser: true, providerOptions: { host: 'h' } })`),
      action(`api.idToken.setCustomClaim('next', true)`),
    ])
    expect(outcome).toMatchObject({
      outcome: 'challenge',
      multifactor: { provider: 'duo', allowRememberBrowser: true, host: 'h' },
      claims: { idToken: { next: true } },
    })
    expect(
      await run([action(`api.multifactor.enable('any')`), action(`api.multifactor.enable('none')`)]),
    ).toMatchObject({
      outcome: 'allow',
    })
  })

  test.each([
    [
      `challengeWith({ type: 'otp' }, { additionalFactors: [{ type: 'phone' }] })`,
      { challengeWith: [{ type: 'otp' }, { type: 'phone' }] },
    ],
    [
      `challengeWithAny([{ type: 'otp' }, { type: 'email' }])`,
      { challengeWithAny: [{ type: 'otp' }, { type: 'email' }] },
    ],
    [`enrollWith({ type: 'otp' })`, { enrollWith: [{ type: 'otp' }] }],
    [`enrollWithAny([{ type: 'otp' }])`, { enrollWithAny: [{ type: 'otp' }] }],
  ])('authentication.%s ends the run; resuming it runs the next actions', async (call, multifactor) => {
    const outcome = await run([
      action(`api.idToken.setCustomClaim('first', true); api.authentication.${call}`),
      action(`api.idToken.setCustomClaim('next', event.authentication.methods.map(({ name }) => name))`),
    ])
    expect(outcome).toMatchObject({ outcome: 'challenge', multifactor, claims: { idToken: { first: true } } })
    const after = await engine.resume(outcome.state ?? '')
    expect(after).toMatchObject({ outcome: 'allow', claims: { idToken: { first: true, next: ['mfa'] } } })
    expect(after.rules.map(({ name }) => name)).toEqual(['rule-2'])
  })
})

describe('cache', () => {
  test('keeps texts from login to login, for a time', async () => {
    await run(
      action(`
        if (event.user.name === 'Ada') {
          const { record } = api.cache.set('token', 'abc', { ttl: 60000 });
          api.cache.set('gone', 'x', { expires_at: Date.now() - 1 });
          api.cache.set('deleted', 'x'); api.cache.delete('deleted');
          api.idToken.setCustomClaim('inMs', record.expires_at - Date.now());
        } else {
          api.idToken.setCustomClaim('seen', ['token', 'gone', 'deleted'].map((key) => api.cache.get(key)?.value ?? null));
        }`),
    )
    const { claims } = await engine.run({ user: { name: 'Grace' }, context: {} })
    expect(claims.idToken).toEqual({ seen: ['abc', null, null] })
  })

  test('holds 20 records, 8 kB and a day at most, and 15 minutes where nothing is said', async () => {
    const { claims } = await run(
      action(`
        for (let i = 0; i < 30; i++) api.cache.set('k' + i, 'v');
        const many = Array.from({ length: 30 }, (_, i) => api.cache.get('k' + i)).filter(Boolean).length;
        const large = api.cache.set('large', 'x'.repeat(8001));
        const inSeconds = (options) => Math.round((api.cache.set('t', 'v', options).record.expires_at - Date.now()) / 1000);
        api.cache.set('one', 'x'.repeat(5000)); api.cache.set('two', 'x'.repeat(5000));
        api.idToken.setCustomClaim('seen', [many, large.type, inSeconds(), inSeconds({ ttl: 1e12 }), api.cache.get('one') === undefined]);`),
    )
    expect(claims.idToken).toEqual({ seen: [20, 'error', 900, 86_400, true] })
  })
})
