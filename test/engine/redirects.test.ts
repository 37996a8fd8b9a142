import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { SuspendedLogin } from '../../src/engine/ports/suspended-login-store.ts'
import { createMemorySuspendedLoginStore } from '../../src/engine/run/memory-suspended-login-store.ts'
import { action, rule, useEngine } from './use-engine.ts'

const pass = 'callback(null, user, context);'
const secret = 'shared-with-the-form'
const saved: SuspendedLogin[] = []
let nowMs = Date.UTC(2026, 10, 24)
const memory = createMemorySuspendedLoginStore()
const { engine, run } = useEngine({
  secrets: { FORM_SECRET: secret },
  clock: () => nowMs,
  users: { updateAppMetadata: async () => undefined },
  suspendedLogins: {
    take: memory.take,
    async save(suspended) {
      saved.push(suspended)
      await memory.save(suspended)
    },
  },
})
const context = { protocol: 'oidc-basic-profile', sessionID: 's1', idToken: {}, accessToken: { scope: ['openid'] } }
const ada = { user_id: 'auth0|1', name: 'Ada', app_metadata: {} }

describe('a redirect by rules', () => {
  const rules = [
    rule(
      `if (!user.app_metadata.terms) { context.idToken.early = true; context.redirect = { url: 'https://terms.example/' }; } ${pass}`,
    ),
    rule(`context.idToken.seen = [context.protocol, context.request && context.request.query.accepted]; ${pass}`),
    action(`api.idToken.setCustomClaim('protocol', event.transaction.protocol)`),
  ]

  test('ends the run after the last rule, before any action', async () => {
    const outcome = await run(rules, { user: ada, context })
    expect(outcome).toMatchObject({ outcome: 'redirect', redirect: { url: 'https://terms.example/' } })
    expect(outcome.rules.map(({ name }) => name)).toEqual(['rule-1', 'rule-2'])
    expect(outcome.state).toMatch(/^[\w-]{43}$/)
  })

  test('resumed, runs all rules again as redirect-callback, and redirects no more', async () => {
    const { state = '' } = await run(rules, { user: ada, context })
    const after = await engine.resume(state, { query: { accepted: 'yes' } })
    expect(after).toMatchObject({ outcome: 'allow' })
    expect(after.claims.idToken).toEqual({
      early: true,
      seen: ['redirect-callback', 'yes'],
      protocol: 'oidc-basic-profile',
    })
    expect(after).not.toHaveProperty('state')
  })

  test('begins again: what the first run had set is gone, and the user is as they are now', async () => {
    const { state = '' } = await run(rules, { user: ada, context })
    const after = await engine.resume(state, {}, { user: { ...ada, app_metadata: { terms: true } } })
    expect(after.claims.idToken).not.toHaveProperty('early')
  })

  test('by a refresh, or with prompt=none, leads nowhere that one could come back from', async () => {
    for (const over of [{ protocol: 'oauth2-refresh-token' }, { request: { query: { prompt: 'none' } } }]) {
      const outcome = await run(rules, { user: ada, context: { ...context, ...over } })
      expect(outcome.outcome).toBe('redirect')
      expect(outcome).not.toHaveProperty('state')
    }
  })
})

describe('a redirect by an action', () => {
  const script = `
    exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim('asked', true);
      api.redirect.sendUserTo('https://form.example/');
    };
    exports.onContinuePostLogin = async (event, api) => {
      const payload = api.redirect.validateToken({ secret: event.secrets.FORM_SECRET, tokenParameterName: 'answer' });
      api.authentication.recordMethod('https://form.example/');
      api.idToken.setCustomClaim('answer', payload.color);
      api.idToken.setCustomClaim('terms', event.user.app_metadata.terms);
    };`
  const scripts = [
    rule(`user.runs = (user.runs || 0) + 1; context.idToken.rule = true; ${pass}`),
    action(`api.user.setAppMetadata('first', true); api.multifactor.enable('any')`),
    script,
    action(`api.idToken.setCustomClaim('last', event.authentication.methods.map((method) => method.url))`),
  ]
  const answer = (claims: Record<string, unknown>, key = secret, expires = '1h'): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(key))

  test('resumes with its onContinuePostLogin and the actions behind it, on what was there', async () => {
    const { state = '', rules } = await run(scripts, { user: ada, context })
    expect(rules.map(({ name }) => name)).toEqual(['rule-1', 'rule-2', 'rule-3'])
    const body = { answer: await answer({ state, color: 'red' }) }
    const user = { ...ada, app_metadata: { first: true, terms: true } }
    const after = await engine.resume(state, { body }, { user })
    expect(after.rules.map(({ name }) => name)).toEqual(['rule-3', 'rule-4'])
    expect(after.claims.idToken).toEqual({
      rule: true,
      asked: true,
      answer: 'red',
      terms: true,
      last: ['https://form.example/'],
    })
    expect(after.user).toMatchObject({ runs: 1, app_metadata: { first: true, terms: true } })
    expect(after).toMatchObject({ outcome: 'challenge', multifactor: { provider: 'any' } })
    expect(after).not.toHaveProperty('redirect')
  })

  test.each([
    { what: 'of another login', claims: { state: 'other' }, message: /for another login/ },
    { what: 'with another secret', key: 'another-secret', message: /not signed/ },
    { what: 'that is expired', expires: '-1h', message: /expired/ },
  ])('refuses an answer $what', async ({ claims, key, expires, message }) => {
    const { state = '' } = await run(scripts, { user: ada, context })
    const body = { answer: await answer({ state, ...claims }, key, expires) }
    const outcome = await engine.resume(state, { body })
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW', rule: 'rule-3' } })
    expect(outcome.reason).toMatch(message)
  })

  test('may send the user away once more, from the next action on', async () => {
    const away = (name: string): string =>
      `exports.onExecutePostLogin = async (e, api) => { api.redirect.sendUserTo('https://${name}.example/') };
       exports.onContinuePostLogin = async (e, api) => { api.idToken.setCustomClaim('${name}', true) };`
    const first = await run([away('one'), away('two')], { user: ada, context })
    const second = await engine.resume(first.state ?? '')
    expect(second).toMatchObject({ outcome: 'redirect', redirect: { url: 'https://two.example/' } })
    const third = await engine.resume(second.state ?? '')
    expect(third).toMatchObject({ outcome: 'allow', claims: { idToken: { one: true, two: true } } })
  })

  test('fails where it has no onContinuePostLogin', async () => {
    const { state = '' } = await run(action(`api.redirect.sendUserTo('https://form.example/')`), { user: ada, context })
    expect((await engine.resume(state)).reason).toBe('the action exports no function onContinuePostLogin')
  })

  test('that is gone meanwhile is nothing to resume', async () => {
    const { state = '' } = await run(action(`api.redirect.sendUserTo('https://form.example/')`), { user: ada, context })
    await engine.replace([])
    await expect(engine.resume(state)).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })
})

describe('what the application asked for', () => {
  const request = {
    query: {
      scope: 'openid link_account',
      acr_values: 'urn:mfa',
      redirect_uri: 'https://app.example/',
      state: 'of-app',
    },
    body: {},
  }
  const asked = {
    requested_scopes: ['openid', 'link_account'],
    acr_values: ['urn:mfa'],
    redirect_uri: 'https://app.example/',
    state: 'of-app',
  }
  const away = (url: string): string => `api.redirect.sendUserTo('${url}')`
  const show = `api.idToken.setCustomClaim('seen', [event.transaction, event.request.query])`

  test('is in the transaction after a redirect, and after another; the request is the one that came back', async () => {
    const { state = '' } = await run(
      [
        `${action(away('https://one.example/'))}; exports.onContinuePostLogin = async () => {}`,
        `${action(away('https://two.example/'))}; exports.onContinuePostLogin = async (event, api) => { ${show} }`,
      ],
      { user: ada, context: { ...context, request } },
    )
    const second = await engine.resume(state, { query: { code: '1' } })
    const after = await engine.resume(second.state ?? '', { query: { code: '2' } })
    expect(after.claims.idToken['seen']).toMatchObject([asked, { code: '2' }])
  })

  test('is in the transaction of actions behind rules that redirected', async () => {
    const rules = [rule(`context.redirect = { url: 'https://terms.example/' }; ${pass}`), action(show)]
    const { state = '' } = await run(rules, { user: ada, context: { ...context, request } })
    const after = await engine.resume(state, { query: { accepted: 'yes' } })
    expect(after.claims.idToken['seen']).toMatchObject([asked, { accepted: 'yes' }])
  })
})

describe('a state', () => {
  const script = rule(`context.redirect = { url: 'https://form.example/' }; ${pass}`)

  test('works once', async () => {
    const { state = '' } = await run(script, { user: ada, context })
    expect((await engine.resume(state)).outcome).toBe('allow')
    await expect(engine.resume(state)).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await expect(engine.resume('unknown')).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  test('lives three days', async () => {
    const { state = '' } = await run(script, { user: ada, context })
    const { state: other = '' } = await run(script, { user: ada, context })
    nowMs += 3 * 86_400_000 - 1
    expect((await engine.resume(state)).outcome).toBe('allow')
    nowMs += 1
    await expect(engine.resume(other)).rejects.toThrow(/expired/)
  })

  test('is of one login only', async () => {
    const { state = '' } = await run(script, { user: ada, context })
    await expect(engine.resume(state, {}, { sessionID: 's2' })).rejects.toThrow(/of another login/)
  })

  test('is saved with what the caller wants to keep, and resumed by another process', async () => {
    await engine.replace([{ name: 'away', script }])
    await engine.run({ user: ada, context, metadata: { client: 'app' } })
    const suspended = saved.at(-1)
    expect(suspended).toMatchObject({ userId: 'auth0|1', waitsFor: 'redirect', metadata: { client: 'app' } })
    const elsewhere = JSON.parse(JSON.stringify(suspended)) as SuspendedLogin
    expect((await engine.resume(elsewhere)).outcome).toBe('allow')
  })
})
