import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine({ limits: { maxOutputBytes: 10_000, cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 } })
const pass = 'callback(null, user, context);'
const ok = rule(pass)

/** What a host has to hold of an outcome, in characters. */
const sizeOf = (value: unknown): number => JSON.stringify(value).length

describe('RX-14: what a rule leaves', () => {
  test.each([
    ['a long string', `user.s = 'x'.repeat(1e6);`, /larger than 10000 bytes/],
    ['a long list', `user.list = Array.from({ length: 1e5 }, () => 1);`, /larger than 10000 bytes/],
    ['many keys', `for (let i = 0; i < 3000; i++) user['k' + i] = i;`, /larger than 10000 bytes/],
    ['many undefined keys', `for (let i = 0; i < 3000; i++) user['k' + i] = undefined;`, /larger than 10000 bytes/],
    ['many objects', `user.list = Array.from({ length: 25000 }, () => ({}));`, /larger|one object too many/],
    [
      'branches that are shared',
      `let o = {}; for (let i = 0; i < 25; i++) o = { a: o, b: o }; user.o = o;`,
      /one object too many/,
    ],
    ['great depth', `let o = user; for (let i = 0; i < 1e5; i++) o = o.a = {};`, /deeper than 32 levels/],
    ['a cycle', `user.self = { user };`, /^\/user\/self\/user refers back/],
    ['a cycle through toJSON', `user.t = { toJSON() { return user } };`, /refers back/],
    ['a symbol', `user.s = Symbol('s');`, /is a symbol, which is not data/],
    ['a promise', `user.p = Promise.resolve(1);`, /is a Promise, which is not data/],
    ['a list as user', `return callback(null, [1], context);`, /as user is not an object/],
    ['a date as context', `return callback(null, user, new Date());`, /as context is not an object/],
    [
      'a user that says it is text',
      `return callback(null, { toJSON() { return 'text' } }, context);`,
      /as user is not an object/,
    ],
    [
      'a context that says it is nothing',
      `return callback(null, user, { toJSON() { return null } });`,
      /as context is not an object/,
    ],
    [
      'a getter that throws',
      `Object.defineProperty(user, 'g', { enumerable: true, get() { throw new Error('no') } });`,
      /^no$/,
    ],
  ])('%s is RULE_OUTPUT, and stays in the sandbox', async (_what, body, message) => {
    const outcome = await run([
      { script: ok, name: 'before' },
      { script: rule(body + pass), name: 'culprit' },
    ])
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_OUTPUT', rule: 'culprit' } })
    expect(outcome.reason).toMatch(message)
    expect(sizeOf(outcome)).toBeLessThan(3_000)
  })

  test.each([
    ['a lone surrogate', `user.s = '\\ud800'`, { s: '\ud800' }],
    ['NUL', `user['\\0'] = '\\0'`, { '\0': '\0' }],
    ['what JSON has no number for', `user.n = [NaN, Infinity, -0]`, { n: [null, null, 0] }],
    ['an object of a class', `class A { x = 1; get y() { return 2 } }; user.a = new A()`, { a: { x: 1 } }],
    [
      'an inherited property',
      `user.i = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })`,
      { i: { own: 2 } },
    ],
    ['an invalid date', `user.d = new Date(NaN)`, { d: new Date(Number.NaN) }],
    ['a URL', `user.u = new URL('http://x/y')`, { u: 'http://x/y' }],
    ['a hole in a list', `user.l = [1, , 3]`, { l: [1, undefined, 3] }],
    ['an error', `user.e = Object.assign(new Error('m'), { code: 1 })`, { e: { code: 1 } }],
  ])('%s comes out as data', async (_what, body, expected) => {
    expect((await run(rule(`${body}; ${pass}`), { user: {} })).user).toEqual(expected)
  })

  test('a getter that answers differently each time is read once', async () => {
    const body = `let n = 0; Object.defineProperty(user, 'n', { enumerable: true, get: () => ++n }); ${pass}`
    const outcome = await run(rule(body), { user: {} })
    expect(outcome.rules[0]?.changes).toEqual([{ op: 'add', path: '/user/n', value: outcome.user['n'] }])
  })

  test('a login as deep as the limit passes, also with a date at the bottom', async () => {
    const nest = (levels: number, leaf: unknown): object => (levels === 1 ? { leaf } : { a: nest(levels - 1, leaf) })
    await engine.replace([{ name: 'ok', script: ok }])
    for (const leaf of [1, new Date(0), undefined]) {
      const user = nest(32, leaf)
      expect(await engine.run({ user: { ...user } })).toMatchObject({ outcome: 'allow', user })
      await expect(engine.run({ user: { ...nest(33, leaf) } })).rejects.toMatchObject({ code: 'INVALID_LOGIN' })
    }
  })
})

describe('a rule that is skipped', () => {
  const skip = (body: string): object => ({ script: rule(body), name: 'skipped', onError: 'skip' })

  test.each([
    ['threw half way', `user.half = true; user.list.push(9); throw new Error('x');`],
    ['left what cannot be read', `user.half = true; user.f = () => 1; ${pass}`],
    ['left too much', `user.half = 'x'.repeat(1e5); ${pass}`],
    ['left another user that is none', `callback(null, [1], context);`],
    [
      'left a getter that throws after others were read',
      `user.aaa = 1; Object.defineProperty(user, 'zzz', { enumerable: true, get() { throw 1 } }); ${pass}`,
    ],
    ['was refused a module', `user.half = true; require('x');`],
    ['changed the login after it had ended', `callback('no'); user.half = true;`],
  ])('because it %s has changed nothing', async (_what, body) => {
    const user = { name: 'Ada', list: [1], at: new Date(5), none: undefined }
    const after = { script: rule(`user.after = user.list.length; ${pass}`), name: 'after' }
    const outcome = await run([{ script: ok, name: 'first' }, skip(body), after], { user })
    expect(outcome.outcome).toBe('allow')
    expect(outcome.user).toStrictEqual({ ...user, after: 1 })
    expect(outcome.rules.map(({ status }) => status)).toEqual(['ok', 'skipped', 'ok'])
    expect(outcome.rules[1]?.changes).toEqual([])
  })
})

test('a login that is refused stays refused, whatever its rule did to user and context', async () => {
  for (const ruin of [
    `user.f = () => 1`,
    `user.s = 'x'.repeat(1e6)`,
    `user.self = user`,
    `delete user.name; user.g = 5n`,
  ]) {
    const outcome = await run(rule(`${ruin}; callback(new UnauthorizedError('no entry'));`))
    expect(outcome).toMatchObject({ outcome: 'deny', reason: 'no entry', user: { name: 'Ada' } })
    expect(sizeOf(outcome)).toBeLessThan(2_000)
  }
})
