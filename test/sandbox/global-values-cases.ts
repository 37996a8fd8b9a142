import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'
import { useServer } from './http-server.ts'

const pass = 'callback(null, user, context);'

/** What must be true of values on `global` in realms of this kind. */
export function describeGlobalValues(realm: 'hardened' | 'fresh'): void {
  const server = useServer((request, response) => response.end(`answer to ${request.url}`))

  describe(`what a login puts on global, with realm: ${realm}`, () => {
    const { engine, run } = useEngine({ realm, network: { allow: ['127.0.0.1'] }, limits: { workers: 1 } })

    /** Runs `first` in one login and `next` in the two after it; returns what they put into `user.found`. */
    async function findLater(first: string, next: string): Promise<unknown[]> {
      const script = `async function (user, context, callback) {
        const base = '${server.url}/';
        if (user.name === 'first') { ${first} } else { ${next} }
        ${pass}
      }`
      await run(script, { user: { name: 'first' } })
      const outcomes = [await engine.run({ user: { name: 'second' } }), await engine.run({ user: { name: 'third' } })]
      return outcomes.map(({ user, error }) => error?.message ?? user['found'])
    }

    test.each([
      ['an object', `global.x = { a: [1, { b: 2 }], n: null }`, `user.found = global.x`, { a: [1, { b: 2 }], n: null }],
      ['a Map', `global.x = new Map([['k', { v: 1 }]])`, `user.found = global.x.get('k').v`, 1],
      [
        'a Map with objects as keys',
        `const k = { k: 1 }; global.x = new Map([[k, 'v']]); global.k = k`,
        `user.found = global.x.get(global.k)`,
        'v',
      ],
      [
        'a Set',
        `const s = {}; global.x = new Set([s]); global.s = s`,
        `user.found = global.x.has(global.s) && global.x.size`,
        1,
      ],
      ['a Date', `global.x = new Date(5)`, `user.found = global.x.getTime()`, 5],
      ['a RegExp', `global.x = /a(b)/g`, `user.found = [global.x.flags, 'ab'.replace(global.x, '$1')]`, ['g', 'b']],
      ['an object without a prototype', `global.x = Object.create(null); global.x.a = 1`, `user.found = global.x.a`, 1],
      [
        'a frozen list',
        `global.x = Object.freeze([1, 2])`,
        `user.found = Object.isFrozen(global.x) && global.x.length`,
        2,
      ],
      [
        'one object at two places',
        `global.x = {}; global.y = { x: global.x }`,
        `user.found = global.x === global.y.x`,
        true,
      ],
      ['a cycle', `global.x = {}; global.x.self = global.x`, `user.found = global.x.self.self === global.x`, true],
      [
        'a getter',
        `let n = 0; Object.defineProperty(global, 'x', { get: () => 7, configurable: true, enumerable: true })`,
        `user.found = global.x`,
        7,
      ],
      ['a function', `global.x = (n) => n + 1`, `user.found = global.x(1)`, 2],
      ['a function in an object', `global.x = { f: (n) => n + 1, d: 1 }`, `user.found = global.x.f(global.x.d)`, 2],
      [
        'an instance',
        `class Client { #n = 3; get() { return this.#n } }; global.x = new Client()`,
        `user.found = global.x.get()`,
        3,
      ],
      ['a promise', `global.x = Promise.resolve(4)`, `user.found = await global.x`, 4],
      [
        'an instance in a Map',
        `class Client { get() { return 3 } }; global.x = new Map([['c', new Client()]])`,
        `user.found = global.x.get('c').get()`,
        3,
      ],
      [
        'a function that calls out',
        `global.x = async (path) => (await fetch(base + path)).text()`,
        `user.found = await global.x(user.name === 'second' ? 'same' : 'same')`,
        'answer to /same',
      ],
      [
        'a function with a timer',
        `global.x = () => new Promise((resolve) => setTimeout(() => resolve('late'), 1))`,
        `user.found = await global.x()`,
        'late',
      ],
    ])('is there for later logins: %s', async (_what, first, next, expected) => {
      expect(await findLater(first, next)).toEqual([expected, expected])
    })

    test('is there after a login that has failed', async () => {
      const script = rule(`
        if (user.name === 'first') { global.x = { a: 1, f: () => 2 }; throw new Error('no') }
        user.found = [global.x.a, global.x.f()]; ${pass}`)
      await run(script, { user: { name: 'first' } })
      expect((await engine.run({ user: { name: 'second' } })).user['found']).toEqual([1, 2])
    })

    test('grows by every login', async () => {
      const script = rule(
        `global.list = global.list || {}; global.list[user.name] = { at: 1 }; user.found = Object.keys(global.list).length; ${pass}`,
      )
      await run(script, { user: { name: 'first' } })
      let found: unknown
      for (let index = 0; index < 100; index++)
        found = (await engine.run({ user: { name: `user ${index}` } })).user['found']
      expect(found).toBe(101)
    })

    test('does not let one login change the builtins of another that waits', async () => {
      await engine.replace([
        {
          name: 'thief',
          script: `async function (user, context, callback) {
            if (user.name === 'victim') {
              global.f = function () { return this }; global.self = globalThis; global.g = async () => 1;
              const before = [JSON, fetch, [].map, String.prototype.trim, JSON.stringify, Promise];
              await new Promise((resolve) => { global.go = resolve; setTimeout(resolve, 2000) });
              user.found = [JSON, fetch, [].map, String.prototype.trim, JSON.stringify, Promise].map((one, at) => one === before[at]);
            } else {
              const tries = [
                () => { global.f.constructor('return this')().fetch = null },
                () => { global.f.constructor('return this')().JSON = null },
                () => { global.f.call(undefined).fetch = null },
                () => { global.self.fetch = null; },
                () => { global.self.JSON = null; },
                () => { Object.defineProperty(global.self, 'JSON', { value: null, configurable: true }) },
                () => { Object.defineProperty(global.self, 'fetch', { value: null, configurable: true }) },
                () => { Object.getPrototypeOf(global.self.Array.prototype).x = 1 },
                () => { global.self.Array.prototype.map = null },
                () => { global.self.String.prototype.trim = null },
                () => { global.self.JSON.stringify = null },
                () => { global.self.Promise = null },
                () => { Object.assign(Object.getPrototypeOf(global.f), { call: null }) },
                () => { Object.assign(Object.getPrototypeOf(global.g), { x: null }) },
              ];
              for (const one of tries) try { one() } catch (e) {}
              global.go();
            }
            callback(null, user, context);
          }`,
        },
      ])
      const victim = engine.run({ user: { name: 'victim' } })
      await engine.run({ user: { name: 'thief' } })
      expect((await victim).user['found']).toEqual([true, true, true, true, true, true])
    })
  })
}
