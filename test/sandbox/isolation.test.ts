import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine()
const pass = 'callback(null, user, context);'
const who = (name: string): { user: { name: string } } => ({ user: { name } })

/** Runs the same ruleset for two users, one after the other; the rule branches on the name. */
async function afterEachOther(leave: string, look: string): Promise<unknown> {
  const script = rule(
    `if (user.name === 'first') { try { ${leave} } catch (e) { user.refused = e.message } } else { ${look} } ${pass}`,
  )
  await run(script, who('first'))
  return (await engine.run(who('second'))).user['found']
}

describe('what the first login leaves behind is gone for the second', () => {
  test.each([
    ['an undeclared variable', `leak = 1`, `typeof leak`, 'undefined'],
    ['a property of globalThis', `globalThis.leak = 1`, `typeof leak`, 'undefined'],
    ['a property of this', `this.leak = 1`, `typeof leak`, 'undefined'],
    ['a numeric key', `globalThis[0] = 1`, `typeof globalThis[0]`, 'undefined'],
    ['a symbol', `globalThis[Symbol.for('leak')] = 1`, `typeof globalThis[Symbol.for('leak')]`, 'undefined'],
    [
      'a hidden property',
      `Object.defineProperty(globalThis, 'leak', { value: 1, configurable: true })`,
      `typeof globalThis.leak`,
      'undefined',
    ],
    [
      'a property that cannot be deleted',
      `Object.defineProperty(globalThis, 'leak', { value: 1 })`,
      `typeof globalThis.leak`,
      'undefined',
    ],
    [
      'a getter',
      `Object.defineProperty(globalThis, 'leak', { get: function () { return 1 } })`,
      `typeof globalThis.leak`,
      'undefined',
    ],
    ['a frozen globalThis', `globalThis.leak = 1; Object.freeze(globalThis)`, `typeof globalThis.leak`, 'undefined'],
    [
      'another prototype of globalThis',
      `Object.setPrototypeOf(globalThis, { leak: 1 })`,
      `typeof globalThis.leak`,
      'undefined',
    ],
    [
      "a property of globalThis' prototype",
      `Object.getPrototypeOf(globalThis).leak = 1`,
      `typeof globalThis.leak`,
      'undefined',
    ],
    [
      'an indirect eval',
      `(0, eval)('var leak = 1; function leakToo() {}')`,
      `typeof leak + typeof leakToo`,
      'undefinedundefined',
    ],
    ['a Function of its own', `Function('globalThis.leak = 1')()`, `typeof leak`, 'undefined'],
    ['Array.prototype', `Array.prototype.leak = 1`, `typeof [].leak`, 'undefined'],
    [
      'Object.prototype',
      `({}).__proto__.leak = 1; Object.prototype.toString = null`,
      `typeof ({}).leak + typeof {}.toString`,
      'undefinedfunction',
    ],
    ['Promise.prototype.then', `Promise.prototype.then = null`, `typeof Promise.prototype.then`, 'function'],
    [
      'an async function prototype',
      `Object.getPrototypeOf(async function () {}).leak = 1`,
      `typeof (async function () {}).leak`,
      'undefined',
    ],
    [
      'an iterator prototype',
      `[][Symbol.iterator]().__proto__.leak = 1`,
      `typeof [][Symbol.iterator]().leak`,
      'undefined',
    ],
    [
      'a replaced builtin',
      `JSON = null; Math = null; fetch = null; Promise = null; console = null`,
      `typeof JSON.parse + typeof Math.abs + typeof fetch + typeof Promise + typeof console.log`,
      'functionfunctionfunctionfunctionfunction',
    ],
    [
      'a property of a shared function',
      `fetch.leak = 1; URL.prototype.leak = 1; console.log.leak = 1; Buffer.leak = 1`,
      `typeof fetch.leak + typeof URL.prototype.leak + typeof console.log.leak + typeof Buffer.leak`,
      'undefinedundefinedundefinedundefined',
    ],
    [
      'Error.prepareStackTrace',
      `Error.prepareStackTrace = function () { return 'leak' }; Error.stackTraceLimit = 0`,
      `String(new Error('x').stack).includes('leak')`,
      false,
    ],
    ['the last match of RegExp', `/l(ea)k/.exec('leak')`, `RegExp.$1 === undefined || RegExp.$1 === ''`, true],
    ['configuration', `configuration.leak = 1`, `typeof configuration.leak`, 'undefined'],
    [
      'auth0',
      `auth0.leak = 1; auth0.users.leak = 1; auth0.users.updateUserMetadata.leak = 1`,
      `typeof auth0.leak + typeof auth0.users.leak + typeof auth0.users.updateUserMetadata.leak`,
      'undefinedundefinedundefined',
    ],
    ['require', `require.leak = 1`, `typeof require.leak`, 'undefined'],
    [
      'the caller of the rule',
      `var f = arguments.callee.caller; if (f) f.leak = 1`,
      `var g = arguments.callee.caller; user.found = g ? typeof g.leak : 'undefined'`,
      'undefined',
    ],
    ['the rule itself', `arguments.callee.leak = 1`, `typeof arguments.callee.leak`, 'undefined'],
    ['a timer', `setTimeout(function () { globalThis.leak = 1 }, 1)`, `typeof leak`, 'undefined'],
    [
      'a template object',
      `(function (t) { t.leak = 1; t.raw.leak = 1 })\`x\``,
      `typeof (function (t) { return t })\`x\`.leak`,
      'undefined',
    ],
  ])('%s', async (_what, leave, look, expected) => {
    const statement = look.includes('user.found') ? look : `user.found = ${look};`
    expect(await afterEachOther(leave, statement)).toBe(expected)
  })

  test('a closure', async () => {
    const script = `(function () { var seen = []; return function (user, context, callback) { seen.push(user.name); user.found = seen.length; callback(null, user, context); }; })()`
    await engine.replace([
      { name: 'closure', script: `function (user, context, callback) { (${script})(user, context, callback) }` },
    ])
    await engine.run(who('first'))
    expect((await engine.run(who('second'))).user['found']).toBe(1)
  })

  test('but what it puts on global stays', async () => {
    expect(
      await afterEachOther(
        `global.kept = { by: user.name, call: function () { return 'works' } }`,
        `user.found = [global.kept.by, global.kept.call()]`,
      ),
    ).toEqual(['first', 'works'])
  })
})

describe('two logins that overlap', () => {
  test('see nothing of each other but global, while the first waits in an await', async () => {
    await engine.replace([
      {
        name: 'overlap',
        script: `async function (user, context, callback) {
          if (user.name === 'first') {
            leak = 'first'; globalThis.alsoLeak = 1; global.kept = 'first';
            try { Array.prototype.leak = 1 } catch (e) {}
            await new Promise(function (resolve) { setTimeout(resolve, 60) });
            user.found = [typeof leak, typeof fromSecond, global.second];
          } else {
            fromSecond = 1; global.second = 'second';
            user.found = [typeof leak, typeof alsoLeak, typeof [].leak, global.kept];
          }
          callback(null, user, context);
        }`,
      },
    ])
    const [first, second] = await Promise.all([engine.run(who('first')), engine.run(who('second'))])
    expect(second.user['found']).toEqual(['undefined', 'undefined', 'undefined', 'first'])
    expect(first.user['found']).toEqual(['string', 'undefined', 'second'])
  })

  test('have their own console and requests, also through a function on global', async () => {
    await engine.replace([
      {
        name: 'log',
        script: rule(
          `global.say = global.say || function (text) { console.log(text) }; setTimeout(function () { global.say('I am ' + user.name); ${pass} }, 5);`,
        ),
      },
    ])
    const outcomes = await Promise.all(['a', 'b', 'c'].map((name) => engine.run(who(name))))
    expect(outcomes.map(({ rules }) => rules[0]?.logs.map(({ message }) => message))).toEqual([
      ['I am a'],
      ['I am b'],
      ['I am c'],
    ])
  })
})

describe('in a fresh realm', () => {
  const fresh = useEngine({ realm: 'fresh' })

  test('a rule may change builtins, for its own login only', async () => {
    const script = rule(
      `user.was = typeof [].last; Array.prototype.last = function () { return this[this.length - 1] }; user.last = [1, 2].last(); global.count = (global.count || 0) + 1; user.count = global.count; ${pass}`,
    )
    const first = await fresh.run(script)
    const second = await fresh.engine.run(who('second'))
    expect([first.user, second.user]).toMatchObject([
      { was: 'undefined', last: 2, count: 1 },
      { was: 'undefined', last: 2, count: 2 },
    ])
  })

  test('what a rule does to the builtins does not change what its outcome says', async () => {
    const poison = `Object.prototype.toJSON = function () { return 'evil' }; JSON.stringify = function () { return '{}' }; Array.prototype.push = function () {}; Object.keys = function () { return [] }; Map.prototype.get = function () {}; Promise.prototype.then = function () {}; Function.prototype.call = null;`
    const outcome = await fresh.run(rule(`${poison} user.list = [1, { a: 2 }]; ${pass}`))
    expect(outcome).toMatchObject({ outcome: 'allow', user: { name: 'Ada', list: [1, { a: 2 }] } })
    expect(outcome.rules[0]?.changes).toEqual([{ op: 'add', path: '/user/list', value: [1, { a: 2 }] }])
  })
})
