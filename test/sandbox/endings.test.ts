import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine()
const brief = useEngine({ limits: { wallPerRuleMs: 100 } })
const before = { user_id: 'auth0|1', name: 'Ada' }

describe('SE-06: of several ends the first counts', () => {
  test.each([
    ['a callback, then one with an error', `callback(null, user, context); callback(new Error('late'));`, 'allow'],
    ['an error, then a callback', `callback(new Error('first')); callback(null, user, context);`, 'deny'],
    [
      'a callback, then another user',
      `callback(null, user, context); callback(null, { name: 'Eve' }, context);`,
      'allow',
    ],
    [
      'a callback, then a later one',
      `callback(null, user, context); setTimeout(() => callback(new Error('late')), 1);`,
      'allow',
    ],
    [
      'a callback, then a rejection',
      `callback(null, user, context); return Promise.reject(new Error('late'));`,
      'allow',
    ],
    [
      'a callback, then an unhandled rejection',
      `callback(null, user, context); Promise.reject(new Error('late'));`,
      'allow',
    ],
    [
      'a callback from a promise, then a throw',
      `Promise.resolve().then(() => callback(null, user, context)); throw new Error('first');`,
      'error',
    ],
  ])('%s', async (_what, body, outcome) => {
    const result = await run(rule(body))
    expect(result).toMatchObject({ outcome, user: before })
    expect(result.rules).toHaveLength(1)
  })

  test('a callback after the rule has timed out is not heard', async () => {
    const outcome = await brief.run(rule(`setTimeout(() => callback(null, user, context), 200);`))
    expect(outcome.error?.code).toBe('RULE_TIMEOUT')
    expect(await brief.run(rule(`setTimeout(() => callback(null, user, context), 20);`))).toMatchObject({
      outcome: 'allow',
    })
  })

  test("a callback kept from another login ends nobody's", async () => {
    const script = rule(
      `if (global.old) global.old(null, { name: 'Eve' }); global.old = callback; setTimeout(() => callback(null, user, context), 5);`,
    )
    await run(script)
    expect((await engine.run({ user: { name: 'Bob' } })).user).toEqual({ name: 'Bob' })
  })
})

describe('whatever is thrown becomes a sentence', () => {
  test.each([
    ['null', `throw null`, 'null'],
    ['a number', `throw 5`, '5'],
    ['a symbol', `throw Symbol('s')`, 'Symbol(s)'],
    ['an object without a prototype', `throw Object.create(null)`, 'no message'],
    ['an error whose message throws', `throw { get message() { throw 1 } }`, 'no message'],
    ['an error whose message is an object', `throw { message: { toString() { return 'deep' } } }`, 'deep'],
    [
      'a revoked proxy',
      `const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy`,
      'the message cannot be read',
    ],
    ['an error with a huge message', `throw new Error('x'.repeat(1e6))`, 'x'.repeat(1_000)],
    [
      'an unhandled rejection',
      `Promise.reject(new Error('stray')); setTimeout(() => 1, 50)`,
      'a promise rejection was not handled: stray',
    ],
    [
      'an unhandled rejection in a timer',
      `setTimeout(() => Promise.reject(new Error('stray')), 1); setTimeout(() => 1, 50)`,
      'a promise rejection was not handled: stray',
    ],
    [
      'an unhandled refusal of fetch',
      `fetch('http://10.0.0.1/'); setTimeout(() => 1, 500)`,
      'a promise rejection was not handled: fetch to 10.0.0.1 refused',
    ],
    ['a thenable that throws', `return { get then() { throw new Error('then') } }`, 'then'],
  ])('%s', async (_what, body, message) => {
    const { outcome, error, reason } = await run(rule(body))
    expect([outcome, error?.code]).toEqual(['error', 'RULE_THREW'])
    expect(reason?.startsWith(message)).toBe(true)
    expect(reason?.length).toBeLessThan(1_200)
  })

  test('SE-03: and tells nothing of where the engine is installed', async () => {
    const errors = [
      'new URL("bad")',
      'require("x")',
      'atob("!")',
      'setTimeout(5)',
      'new Headers({ "a b": "c" })',
      'structuredClone(() => 1)',
      'null.x',
    ]
    const script = `async function (user, context, callback) {
      user.seen = [];
      const look = (e) => user.seen.push(e.message + e.stack + Reflect.ownKeys(e).map((key) => String(e[key])).join());
      for (const code of user.codes) try { eval(code) } catch (error) { look(error) }
      await fetch('http://127.0.0.1:1/').catch(look); await fetch('http://localhost:1/').catch(look); await import('fs').catch(look);
      await auth0.users.updateUserMetadata('a', {}).catch(look);
      callback(null, user, context) }`
    await engine.replace([{ name: 'look', script }])
    const seen = (await engine.run({ user: { codes: errors } })).user['seen'] as string[]
    expect(seen).toHaveLength(errors.length + 4)
    expect(seen.filter((text) => /node:|file:|node_modules|\/src\/|\/dist\/|isolated/.test(text))).toEqual([])
  })
})

test('a rule that fails does not take along the logins beside it, nor make them run again', async () => {
  const script = `async function (user, context, callback) {
    global.started = (global.started || 0) + 1;
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (user.name === 'bad') Promise.reject(new Error('stray'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    user.started = global.started; callback(null, user, context) }`
  await engine.replace([{ name: 'stray', script }])
  const outcomes = await Promise.all(['ada', 'bad', 'bob'].map((name) => engine.run({ user: { name } })))
  expect(outcomes.map(({ outcome, user }) => [outcome, user['started']])).toEqual([
    ['allow', 3],
    ['error', undefined],
    ['allow', 3],
  ])
})
