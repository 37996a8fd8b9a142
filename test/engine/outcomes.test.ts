import { describe, expect, test } from 'vitest'
import { rule, useEngine } from './use-engine.ts'

const bench = useEngine({ configuration: { KEY: 'value' } })
const { run } = bench
const pass = 'callback(null, user, context);'

test('a login may be given less time than the engine gives them all', async () => {
  const { engine } = bench
  await engine.replace([{ name: 'waits', script: rule('setTimeout(() => callback(), 10_000)') }])
  const outcome = await engine.run({ user: {}, context: {} }, { wallMs: 1_500 })
  expect(outcome.error).toMatchObject({ code: 'RULE_TIMEOUT', message: expect.stringContaining('1500 ms') as string })
})

describe('how a rule ends', () => {
  test('by its callback, with what it changed', async () => {
    const outcome = await run(rule(`user.x = configuration.KEY; delete user.name; context.idToken.y = [1]; ${pass}`))
    expect(outcome).toMatchObject({
      outcome: 'allow',
      user: { user_id: 'auth0|1', x: 'value' },
      claims: { idToken: { y: [1] } },
    })
    expect(outcome.rules[0]).toMatchObject({
      name: 'rule-1',
      status: 'ok',
      changes: [
        { op: 'add', path: '/user/x', value: 'value' },
        { op: 'remove', path: '/user/name' },
        { op: 'add', path: '/context/idToken/y', value: [1] },
      ],
    })
  })

  test.each([
    ['an UnauthorizedError', `callback(new UnauthorizedError('no'))`, 'no'],
    ['any other error', `callback(new Error('no'), user, context)`, 'no'],
    ['a string', `callback('no')`, 'no'],
    ['an object with a message', `callback({ message: 'no' })`, 'no'],
    ['a thrown UnauthorizedError', `throw new UnauthorizedError('no')`, 'no'],
    ['a rejection with an UnauthorizedError', `return Promise.reject(new UnauthorizedError('no'))`, 'no'],
  ])('a callback with %s refuses the login', async (_what, body, reason) => {
    expect(await run(rule(body))).toMatchObject({ outcome: 'deny', reason, rules: [{ status: 'deny' }] })
  })

  test.each([
    ['a throw', `throw new Error('oops')`, 'RULE_THREW', /^oops, at rule-1.*:1:\d+$/],
    ['a thrown string', `throw 'oops'`, 'RULE_THREW', /^oops$/],
    ['a thrown undefined', `throw undefined`, 'RULE_THREW', /./],
    ['a rejection', `return Promise.reject(new Error('oops'))`, 'RULE_THREW', /^oops/],
    ['a throw in a timer', `setTimeout(function () { throw new Error('oops') }, 1)`, 'RULE_THREW', /^oops/],
    ['a throw in a microtask', `queueMicrotask(function () { throw new Error('oops') })`, 'RULE_THREW', /^oops/],
    ['no callback at all', ``, 'RULE_NO_CALLBACK', /has not called its callback/],
    ['a promise that never settles', `return new Promise(function () {})`, 'RULE_NO_CALLBACK', /waits for nothing/],
    ['a promise that resolves instead', `return Promise.resolve(user)`, 'RULE_NO_CALLBACK', /./],
    ['a user that is no object', `callback(null, 'ada', context)`, 'RULE_OUTPUT', /string as user/],
    ['a function in the user', `user.f = function () {}; ${pass}`, 'RULE_OUTPUT', /\/user\/f is a function/],
    ['a cycle', `user.self = user; ${pass}`, 'RULE_OUTPUT', /\/user\/self refers back/],
    ['a BigInt', `user.big = 10n; ${pass}`, 'RULE_OUTPUT', /bigint/],
    ['a Map', `user.map = new Map(); ${pass}`, 'RULE_OUTPUT', /Map/],
    ['too much depth', `for (var i = 0, o = user; i < 40; i++) o = o.o = {}; ${pass}`, 'RULE_OUTPUT', /32 levels/],
    ['too much text', `user.s = new Array(300001).join('x'); ${pass}`, 'RULE_OUTPUT', /256000/],
    ['a module that is not there', `require('left-pad')`, 'MODULE_NOT_FOUND', /left-pad/],
  ])('%s fails the login', async (_what, body, code, message) => {
    const outcome = await run(rule(body))
    expect(outcome).toMatchObject({ outcome: 'error', error: { code, rule: 'rule-1' }, user: { name: 'Ada' } })
    expect(outcome.reason).toMatch(message)
  })

  test('the first callback counts, also where a throw follows', async () => {
    const outcome = await run([
      rule(`callback(null, user, context); callback(new Error('no')); throw new Error('late');`),
      rule(`user.next = 1; ${pass}`),
    ])
    expect(outcome).toMatchObject({ outcome: 'allow', user: { next: 1 } })
  })

  test('callback() and callback(null) keep user and context as they are', async () => {
    const outcome = await run([
      rule(`user.a = 1; callback();`),
      rule(`user.b = 2; callback(null);`),
      rule(`user.c = 3; callback(null, null, null);`),
    ])
    expect(outcome.user).toMatchObject({ name: 'Ada', a: 1, b: 2, c: 3 })
  })

  test('a new user object takes the place of the old', async () => {
    const outcome = await run([
      rule(`callback(null, { fresh: true }, context);`),
      rule(`user.seen = user.fresh; ${pass}`),
    ])
    expect(outcome.user).toEqual({ fresh: true, seen: true })
  })

  test('async rules, arrows and named functions all work', async () => {
    const outcome = await run([
      `async function (user, context, callback) { await null; user.a = 1; callback(null, user, context); }`,
      `async (user, context, callback) => { await new Promise((r) => setTimeout(r, 1)); user.b = 2; callback(null, user, context) };`,
      `// a comment\n\nfunction named(user, context, callback) { user.c = 3; callback(null, user, context); };\n// another`,
    ])
    expect(outcome.user).toMatchObject({ a: 1, b: 2, c: 3 })
  })

  test('the next rule begins when the code that called back has returned', async () => {
    const outcome = await run([
      rule(`setTimeout(function () { callback(null, user, context); user.after = true; }, 1);`),
      rule(`user.seen = user.after === true; ${pass}`),
    ])
    expect(outcome.user).toMatchObject({ seen: true })
  })
})

describe('what an outcome says', () => {
  test('a redirect, unless the user is coming back from one', async () => {
    const script = rule(`context.redirect = { url: 'https://form.example/' }; ${pass}`)
    expect(await run(script)).toMatchObject({ outcome: 'redirect', redirect: { url: 'https://form.example/' } })
    expect(await run(script, { context: { protocol: 'redirect-callback' } })).toMatchObject({ outcome: 'allow' })
  })

  test('a challenge', async () => {
    expect(await run(rule(`context.multifactor = { provider: 'any' }; ${pass}`))).toMatchObject({
      outcome: 'challenge',
      multifactor: { provider: 'any' },
    })
  })

  test('reserved claims are dropped, and named in the log of the rule that set them', async () => {
    const outcome = await run([
      rule(pass),
      rule(`context.idToken.iss = 'x'; context.accessToken.sub = 'y'; context.idToken.ok = 1; ${pass}`),
    ])
    expect(outcome.claims).toEqual({ idToken: { ok: 1 }, accessToken: {} })
    expect(outcome.rules[1]?.logs.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'the claim iss of context.idToken is reserved, so it was dropped'],
      ['warn', 'the claim sub of context.accessToken is reserved, so it was dropped'],
    ])
  })

  test('console lines with their level', async () => {
    const outcome = await run(
      rule(`console.log('a %s', 'b', { c: [1, 'd'] }); console.error(new Error('e').message); ${pass}`),
    )
    expect(outcome.rules[0]?.logs).toEqual([
      { level: 'log', message: `a b { c: [ 1, 'd' ] }` },
      { level: 'error', message: 'e' },
    ])
  })

  test('dates, undefined and shared objects are what they were', async () => {
    const born = new Date('2000-01-01')
    const shared = { of: 'both' }
    const user = { born, gone: undefined, left: shared, right: shared }
    const outcome = await run(
      rule(
        `user.was = [user.born instanceof Date, 'gone' in user, user.left === user.right]; user.born = new Date(user.born.getTime() + 1); ${pass}`,
      ),
      { user },
    )
    expect(outcome.user).toMatchObject({ was: [true, true, true], born: new Date(born.getTime() + 1) })
    expect('gone' in outcome.user).toBe(true)
    expect(outcome.user['left']).toBe(outcome.user['right'])
  })
})

describe("a rule that says onError: 'skip'", () => {
  const failing = {
    script: rule(`user.half = 1; context.idToken.half = 1; throw new Error('oops');`),
    onError: 'skip' as const,
  }

  test('is skipped when it fails, and what it changed is undone', async () => {
    const outcome = await run([rule(`user.a = 1; ${pass}`), failing, rule(`user.b = 'half' in user; ${pass}`)])
    expect(outcome).toMatchObject({ outcome: 'allow', user: { a: 1, b: false }, claims: { idToken: {} } })
    expect(outcome.rules[1]).toMatchObject({ status: 'skipped', changes: [], error: { code: 'RULE_THREW' } })
  })

  test.each([
    ['loops for ever', 'for (;;);', 'RULE_CPU'],
    ['never calls back', '', 'RULE_NO_CALLBACK'],
  ])('is skipped when it %s', async (_what, body, code) => {
    const outcome = await run([
      rule(`user.a = 1; ${pass}`),
      { script: rule(body), onError: 'skip' },
      rule(`user.b = 2; ${pass}`),
    ])
    expect(outcome).toMatchObject({ outcome: 'allow', user: { a: 1, b: 2 } })
    expect(outcome.rules.map(({ status, error }) => [status, error?.code])).toEqual([
      ['ok', undefined],
      ['skipped', code],
      ['ok', undefined],
    ])
  })

  test('still refuses when it means to', async () => {
    const script = rule(`callback(new UnauthorizedError('no'))`)
    expect(await run([{ script, onError: 'skip' }])).toMatchObject({ outcome: 'deny' })
  })
})
