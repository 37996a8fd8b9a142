import { describe, expect, test } from 'vitest'
import { attack } from './attack.ts'

const minute = 120_000
const loop = 'for (;;);'
const pass = 'callback(null, user, context);'
const cpu = ['RULE_CPU']
/** What nobody can interrupt takes a worker along each time: those are repeated less. */
const frozen = new Set(['a rejection that nobody handles', 'a spread of a long string'])
const repeatsOf = (what: string): number => (frozen.has(what) ? 2 : 3)
const memory = ['RULE_CPU', 'RULE_MEMORY', 'RULE_THREW', 'RULE_TIMEOUT']

/** SE-05, RX-08. Wherever the engine reads what a rule made, the rule's own code can run; it must run on the rule's time. */
describe('rule code that loops where it is read', () => {
  test.each([
    ['the message of a refusal', `callback({ get message() { ${loop} } });`],
    ['the name of a thrown error', `throw { get name() { ${loop} } };`],
    ['the stack of a thrown error', `throw { message: 'm', get stack() { ${loop} } };`],
    ['the prototype of a thrown proxy', `throw new Proxy(new Error('x'), { get() { ${loop} }, has() { ${loop} } });`],
    ['the text of a message', `throw { message: { toString() { ${loop} } } };`],
    ['a rejection that nobody handles', `Promise.reject({ get message() { ${loop} } }); setTimeout(() => 1, 50);`],
    ['the then of what it returns', `return { get then() { ${loop} } };`],
    ['the tag of a value', `user.t = new (class { get [Symbol.toStringTag]() { ${loop} } })(); ${pass}`],
    ['the prototype of a value', `user.p = new Proxy({}, { getPrototypeOf() { ${loop} } }); ${pass}`],
    ['the length of a list', `user.l = new Proxy([], { get(t, k) { return k === 'length' ? 1e9 : 1 } }); ${pass}`],
    ['a list without end', `user.l = []; user.l.length = 4e9; ${pass}`],
    ['what it prints', `console.log(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`],
    [
      'what it prints as a number',
      `console.log('%d', { valueOf() { ${loop} } }); console.log('%s', new (class { get [Symbol.toStringTag]() { ${loop} } })()); ${pass}`,
    ],
    ['the input of a URL', `new URL({ toString() { ${loop} } }); ${pass}`],
    ['the options of fetch', `fetch('http://10.0.0.1/', { get method() { ${loop} } }); ${pass}`],
    [
      'the headers of fetch',
      `fetch('http://10.0.0.1/', { headers: { *[Symbol.iterator]() { for (;;) yield ['a', 'b'] } } }); ${pass}`,
    ],
    ['the body of fetch', `fetch('http://10.0.0.1/', { method: 'POST', body: { toString() { ${loop} } } }); ${pass}`],
    ['the data of auth0', `auth0.users.updateUserMetadata('x', { toJSON() { ${loop} } }); ${pass}`],
    ['the delay of a timer', `setTimeout(() => 1, { valueOf() { ${loop} } }); ${pass}`],
    ['the name of a module', `require({ toString() { ${loop} } }); ${pass}`],
    ['what it clones', `structuredClone(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`],
  ])(
    '%s',
    async (what, script) => {
      const { hostile, clean } = await attack(script, repeatsOf(what))
      // Printing and requiring may know better than to run it.
      expect(hostile.filter((code) => ![...cpu, 'allow', 'MODULE_NOT_FOUND'].includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
    },
    minute,
  )
})

describe('memory and time through builtins', () => {
  test.each([
    ['promises', `const a = []; for (;;) a.push(new Promise(() => {}));`],
    ['closures', `let f = () => 1; for (;;) f = ((g) => () => g)(f);`],
    ['microtasks', `for (let i = 0; i < 1e8; i++) queueMicrotask(() => 1);`],
    ['registered symbols', `for (let i = 0; ; i++) Symbol.for('s' + i);`],
    ['formatters', `const a = []; for (;;) a.push(new Intl.DateTimeFormat('en'));`],
    ['a spread of a long string', `[...'x'.repeat(5e8)];`],
    ['a source of a hundred megabytes', `eval('1;'.repeat(5e7));`],
    ['a shift of a big number', `1n << (1n << 30n); for (let n = 3n; ; ) n = n * n;`],
    ['a regular expression of great size', `new RegExp('(?:a{1000}){1000}'.repeat(50)).test('a');`],
    ['a big buffer', `const a = []; for (;;) a.push(Buffer.alloc(1e8, 'x'));`],
    ['a long base64 text', `for (;;) btoa('x'.repeat(1e7));`],
    ['long URLs', `for (;;) try { new URL('http://a/' + 'x'.repeat(1e6)) } catch {}`],
    ['long queries', `for (;;) try { new URLSearchParams('&a'.repeat(1e5)) } catch {}`],
    ['a clone of a big tree', `let o = {}; for (let i = 0; i < 1e5; i++) o = { o, i }; structuredClone(o);`],
    [
      'a flood of updates',
      `for (let i = 0; i < 1e5; i++) try { auth0.users.updateUserMetadata('x', { a: 'x'.repeat(1e5) }).catch(() => 1) } catch {}`,
    ],
  ])(
    '%s',
    async (what, script) => {
      const { hostile, clean, rssMb } = await attack(script, repeatsOf(what))
      expect(
        hostile.filter((code) => ![...memory, 'RULE_NO_CALLBACK', 'LIMIT_EXCEEDED', 'WORKER_LOST'].includes(code)),
      ).toEqual([])
      expect(clean).toEqual(['allow'])
      expect(rssMb).toBeLessThan(200)
    },
    minute,
  )
})

describe('in a fresh realm, where builtins can be replaced', () => {
  test.each([
    [
      'the class of promises',
      `Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 1 } }); setTimeout(() => { ${pass} }, 1);`,
    ],
    [
      'the species of promises',
      `Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } }); setTimeout(() => { ${pass} }, 1);`,
    ],
    [
      'what every object has',
      `for (const key of ['user', 'context', 'fault', 'code', 'message', 'ended', 'failure', 'then']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); ${pass}`,
    ],
    [
      'what every list has',
      `for (let i = 0; i < 50; i++) Object.defineProperty(Array.prototype, i, { get() { ${loop} }, set() { ${loop} } }); user.n = { a: undefined }; ${pass}`,
    ],
    ['the iterator of lists', `Array.prototype[Symbol.iterator] = function* () { ${loop} }; ${pass}`],
    ['what JSON does', `JSON.parse = JSON.stringify = () => { ${loop} }; user.a = 1; ${pass}`],
  ])(
    '%s',
    async (what, script) => {
      const { hostile, clean } = await attack(script, repeatsOf(what), { realm: 'fresh' })
      expect(
        hostile.filter((code) => ![...cpu, 'allow', 'RULE_THREW', 'RULE_OUTPUT', 'RULE_NO_CALLBACK'].includes(code)),
      ).toEqual([])
      expect(clean).toEqual(['allow'])
    },
    minute,
  )
})
