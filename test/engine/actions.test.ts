import { describe, expect, test } from 'vitest'
import { action, rule, useEngine } from './use-engine.ts'

const secrets = { API_KEY: 'a-very-secret-value', SHORT: 'abc' }
const { engine, run } = useEngine({ secrets })
const pass = 'callback(null, user, context);'

describe('how an action ends', () => {
  test('when its promise is settled, with what it set', async () => {
    const outcome = await run(action(`await null; api.idToken.setCustomClaim('https://a/x', [event.user.name]);`))
    expect(outcome).toMatchObject({ outcome: 'allow', claims: { idToken: { 'https://a/x': ['Ada'] } } })
    expect(outcome.rules).toMatchObject([
      { status: 'ok', changes: [{ op: 'add', path: '/context/idToken/https:~1~1a~1x', value: ['Ada'] }] },
    ])
  })

  test.each([
    ['a function that is not async', `exports.onExecutePostLogin = function (event, api) { MARK }`],
    ['module.exports', `module.exports = { onExecutePostLogin: async (event, api) => { MARK } }`],
    ['a method', `module.exports = { async onExecutePostLogin(event, api) { MARK } }`],
    ['module.exports.x', `'use strict';\nmodule.exports.onExecutePostLogin = async (event, api) => { MARK }`],
    [
      'a function beside it',
      `const mark = (event, api) => { MARK };\nexports.onExecutePostLogin = async (e, a) => mark(e, a);`,
    ],
    ['export const', `export const onExecutePostLogin = async (event, api) => { MARK }`],
    ['export function', `export async function onExecutePostLogin(event, api) { MARK }`],
    ['an export clause', `async function login(event, api) { MARK }\nexport { login as onExecutePostLogin }`],
  ])('%s is an action', async (_what, script) => {
    const outcome = await run(script.replace('MARK', `api.idToken.setCustomClaim('ran', true)`))
    expect(outcome).toMatchObject({ outcome: 'allow', claims: { idToken: { ran: true } } })
  })

  test.each([
    ['a throw', `throw new Error('oops')`, 'RULE_THREW', /^oops, at rule-1.*:1:\d+$/],
    ['a rejection after an await', `await null; throw new TypeError('oops')`, 'RULE_THREW', /^oops/],
    [
      'a throw in a timer',
      `setTimeout(() => { throw new Error('oops') }, 1); await new Promise(() => {})`,
      'RULE_THREW',
      /^oops/,
    ],
    ['a promise that never settles', `await new Promise(() => {})`, 'RULE_NO_CALLBACK', /its promise is not settled/],
    ['an endless loop', `for (;;);`, 'RULE_CPU', /CPU/],
    ['a module that is not there', `require('left-pad')`, 'MODULE_NOT_FOUND', /left-pad/],
    [
      'a claim that is no data',
      `api.idToken.setCustomClaim('f', () => 1)`,
      'RULE_THREW',
      /is a function, which is not data/,
    ],
    ['a claim without a name', `api.idToken.setCustomClaim('', 1)`, 'RULE_THREW', /the key must be a text/],
    ['too much output', `api.idToken.setCustomClaim('s', 'x'.repeat(300001))`, 'RULE_OUTPUT', /256000/],
    ['a denial and then a throw', `api.access.deny('no'); throw new Error('oops')`, 'RULE_THREW', /^oops/],
  ])('%s fails the login', async (_what, body, code, message) => {
    const outcome = await run(action(body))
    expect(outcome).toMatchObject({ outcome: 'error', error: { code, rule: 'rule-1' } })
    expect(outcome.reason).toMatch(message)
  })

  test('a handler that is no function fails the login', async () => {
    const outcome = await run(`exports.onExecutePostLogin = undefined`)
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_SYNTAX' } })
    expect(outcome.reason).toBe('the action exports no function onExecutePostLogin')
  })

  test("what fails with onError: 'skip' has changed nothing, and the next one runs", async () => {
    const outcome = await run([
      action(`api.idToken.setCustomClaim('a', 1); api.accessToken.addScope('one')`),
      {
        script: action(
          `api.idToken.setCustomClaim('b', 1); api.user.setUserMetadata('b', 1); api.redirect.sendUserTo('https://b/'); throw new Error('oops')`,
        ),
        onError: 'skip',
      },
      action(`api.idToken.setCustomClaim('c', event.user.user_metadata)`),
    ])
    expect(outcome).toMatchObject({ outcome: 'allow', context: { accessToken: { scope: ['one'] } } })
    expect(outcome.claims.idToken).toEqual({ a: 1, c: {} })
    expect(outcome.rules.map(({ status }) => status)).toEqual(['ok', 'skipped', 'ok'])
  })

  test('what it does after its end changes nothing', async () => {
    const outcome = await run([
      action(`setTimeout(() => { api.idToken.setCustomClaim('late', 1); api.access.deny('late') }, 5)`),
      action(`await new Promise((resolve) => setTimeout(resolve, 30)); api.idToken.setCustomClaim('done', 1)`),
    ])
    expect(outcome).toMatchObject({ outcome: 'allow' })
    expect(outcome.claims.idToken).toEqual({ done: 1 })
  })
})

describe('rules and actions in one ruleset', () => {
  test('rules run first, whatever their order, and actions see what they changed', async () => {
    const outcome = await run([
      { script: action(`api.idToken.setCustomClaim('roles', event.user.roles)`), order: 1 },
      { script: rule(`user.roles = ['admin']; ${pass}`), order: 2 },
    ])
    expect(outcome.claims.idToken).toEqual({ roles: ['admin'] })
    expect(outcome.rules.map(({ name }) => name)).toEqual(['rule-2', 'rule-1'])
  })

  test('a rule that refuses leaves the actions no say', async () => {
    const outcome = await run([
      rule(`callback(new UnauthorizedError('no'))`),
      action(`api.idToken.setCustomClaim('ran', true)`),
    ])
    expect(outcome).toMatchObject({ outcome: 'deny', reason: 'no' })
    expect(outcome.rules).toHaveLength(1)
  })

  test('api.rules.wasExecuted says which rules ran', async () => {
    const outcome = await run([
      { name: 'add-roles', script: rule(pass) },
      action(
        `api.idToken.setCustomClaim('ran', ['add-roles', 'rule-2', 'other'].map((name) => api.rules.wasExecuted(name)))`,
      ),
    ])
    expect(outcome.claims.idToken).toEqual({ ran: [true, false, false] })
  })
})

describe('event is a copy', () => {
  test('what an action does to it changes neither the login nor the next action', async () => {
    const change = `event.user.name = 'Eve'; event.user.user_metadata.x = 1; event.client.name = 'Evil'; delete event.user.user_id; event.secrets.NEW = '1'; event.transaction.metadata.x = 1; event.left = 1;`
    const look = `api.idToken.setCustomClaim('seen', [event.user.name, event.user.user_metadata, event.client.name, event.user.user_id, event.secrets.NEW, event.transaction.metadata, event.left])`
    const outcome = await run([action(change), action(look)], { context: { clientName: 'App' } })
    expect(outcome.claims.idToken).toEqual({ seen: ['Ada', {}, 'App', 'auth0|1', null, {}, null] })
    expect(outcome.user).toEqual({ user_id: 'auth0|1', name: 'Ada' })
    expect(outcome.rules[0]?.changes).toEqual([])
  })

  test('what an action keeps of a claim it set changes the claim no more', async () => {
    const outcome = await run([
      action(`const roles = ['a']; api.idToken.setCustomClaim('roles', roles); roles.push('b'); global.roles = roles`),
      action(`global.roles.push('c')`),
    ])
    expect(outcome.claims.idToken).toEqual({ roles: ['a'] })
  })

  test('an event or api that one login keeps on global is of no use to the next', async () => {
    const script = action(`
      if (global.kept) {
        global.kept.event.user.name = 'Eve'; global.kept.api.idToken.setCustomClaim('stolen', true);
        global.kept.api.access.deny('by the other one');
        api.idToken.setCustomClaim('name', event.user.name);
      } else global.kept = { event, api };`)
    await run(script)
    const outcome = await engine.run({ user: { name: 'Grace' }, context: {} })
    expect(outcome).toMatchObject({ outcome: 'allow', claims: { idToken: { name: 'Grace' } } })
    expect(outcome.claims.idToken).not.toHaveProperty('stolen')
  })

  test('what an action puts on event, api or their methods is gone for the next login', async () => {
    const leave = `event.leak = 1; api.leak = 1; api.idToken.leak = 1; try { api.idToken.setCustomClaim.leak = 1 } catch {} try { Object.getPrototypeOf(api).leak = 1 } catch {}`
    const look = `api.idToken.setCustomClaim('found', [event.leak, api.leak, api.idToken.leak, api.idToken.setCustomClaim.leak].map((leak) => typeof leak))`
    await run(action(`if (event.user.name === 'Ada') { ${leave} } else { ${look} }`))
    const { claims } = await engine.run({ user: { name: 'Grace' }, context: {} })
    expect(claims.idToken).toEqual({ found: ['undefined', 'undefined', 'undefined', 'undefined'] })
  })
})

describe('secrets', () => {
  test('are in event.secrets, an action’s own among them', async () => {
    const script = action(`api.idToken.setCustomClaim('seen', event.secrets)`)
    const outcome = await run([{ script, secrets: { OWN: 'own-value', SHORT: 'overruled' } }])
    expect(outcome.claims.idToken).toEqual({ seen: { ...secrets, OWN: 'own-value' } })
  })

  test('are not shown to another action, or to a rule', async () => {
    const outcome = await run([
      rule(`user.found = typeof secrets; ${pass}`),
      { script: action(``), secrets: { OWN: 'own-value' } },
      action(`api.idToken.setCustomClaim('own', typeof event.secrets.OWN)`),
    ])
    expect([outcome.user['found'], outcome.claims.idToken]).toEqual(['undefined', { own: 'undefined' }])
  })

  test('are taken out of logs, changes and messages', async () => {
    const outcome = await run([
      action(
        `console.log(event); api.multifactor.enable('duo', { providerOptions: { skey: event.secrets.API_KEY } }); throw new Error('no access with ' + event.secrets.API_KEY)`,
      ),
    ])
    expect(outcome.outcome).toBe('error')
    expect(outcome.rules[0]?.logs[0]?.message).toContain('[secret API_KEY]')
    expect(outcome.reason).toContain('no access with [secret API_KEY]')
    expect(JSON.stringify(outcome)).not.toContain(secrets.API_KEY)
  })
})
