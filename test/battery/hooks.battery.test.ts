import { describe } from 'vitest'
import { type HostileCase, enoughCpu, muchMemory, testHostileCases } from './hostile-case.ts'

const loop = 'for (;;);'
const pass = 'callback(null, user, context);'

/** SE-05, RX-08. The rule's own code can run wherever the engine reads what a rule made; it must run on the rule's time. */
const looping: readonly HostileCase[] = [
  { what: 'the message of a refusal', script: `callback({ get message() { ${loop} } });`, ends: 'RULE_CPU' },
  { what: 'the name of a thrown error', script: `throw { get name() { ${loop} } };`, ends: 'RULE_CPU' },
  {
    what: 'the stack of a thrown error',
    script: `throw { message: 'm', get stack() { ${loop} } };`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the prototype of a thrown proxy',
    script: `throw new Proxy(new Error('x'), { get() { ${loop} }, has() { ${loop} } });`,
    ends: 'RULE_CPU',
  },
  { what: 'the text of a message', script: `throw { message: { toString() { ${loop} } } };`, ends: 'RULE_CPU' },
  {
    what: 'a rejection that nobody handles',
    script: `Promise.reject({ get message() { ${loop} } }); setTimeout(() => 1, 50);`,
    ends: 'RULE_CPU',
  },
  { what: 'the then of what it returns', script: `return { get then() { ${loop} } };`, ends: 'RULE_CPU' },
  {
    what: 'the tag of a value',
    script: `user.t = new (class { get [Symbol.toStringTag]() { ${loop} } })(); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the prototype of a value',
    script: `user.p = new Proxy({}, { getPrototypeOf() { ${loop} } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the length of a list',
    script: `user.l = new Proxy([], { get(t, k) { return k === 'length' ? 1e9 : 1 } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  { what: 'a list without end', script: `user.l = []; user.l.length = 4e9; ${pass}`, ends: 'RULE_CPU' },
  {
    what: 'what it prints',
    script: `console.log(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'what it prints as a number',
    script: `console.log('%d', { valueOf() { ${loop} } }); console.log('%s', new (class { get [Symbol.toStringTag]() { ${loop} } })()); ${pass}`,
    ends: 'RULE_CPU',
  },
  { what: 'the input of a URL', script: `new URL({ toString() { ${loop} } }); ${pass}`, ends: 'RULE_CPU' },
  {
    what: 'the options of fetch',
    script: `fetch('http://10.0.0.1/', { get method() { ${loop} } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the headers of fetch',
    script: `fetch('http://10.0.0.1/', { headers: { *[Symbol.iterator]() { for (;;) yield ['a', 'b'] } } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the body of fetch',
    script: `fetch('http://10.0.0.1/', { method: 'POST', body: { toString() { ${loop} } } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the data of auth0',
    script: `auth0.users.updateUserMetadata('x', { toJSON() { ${loop} } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the delay of a timer',
    script: `setTimeout(() => 1, { valueOf() { ${loop} } }); ${pass}`,
    ends: 'RULE_CPU',
  },
  { what: 'the name of a module', script: `require({ toString() { ${loop} } }); ${pass}`, ends: 'MODULE_NOT_FOUND' },
  {
    what: 'what it clones',
    script: `structuredClone(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`,
    ends: 'RULE_CPU',
  },
]

const builtins: readonly HostileCase[] = [
  { what: 'promises', script: `const a = []; for (;;) a.push(new Promise(() => {}));`, ends: 'RULE_MEMORY' },
  { what: 'closures', script: `let f = () => 1; for (;;) f = ((g) => () => g)(f);`, ends: 'RULE_MEMORY' },
  { what: 'microtasks', script: `for (let i = 0; i < 1e8; i++) queueMicrotask(() => 1);`, ends: 'RULE_MEMORY' },
  {
    what: 'registered symbols',
    script: `for (let i = 0; ; i++) Symbol.for('s' + i);`,
    ends: 'RULE_CPU',
    limits: muchMemory,
  },
  { what: 'formatters', script: `const a = []; for (;;) a.push(new Intl.DateTimeFormat('en'));`, ends: 'RULE_MEMORY' },
  { what: 'a spread of a long string', script: `[...'x'.repeat(5e8)];`, ends: 'RULE_MEMORY' },
  { what: 'a source of a hundred megabytes', script: `eval('1;'.repeat(5e7));`, ends: 'RULE_THREW' },
  {
    what: 'a shift of a big number',
    script: `1n << (1n << 30n); for (let n = 3n; ; ) n = n * n;`,
    ends: 'RULE_THREW',
  },
  {
    what: 'a regular expression of great size',
    script: `new RegExp('(?:a{1000}){1000}'.repeat(50)).test('a');`,
    ends: 'RULE_NO_CALLBACK',
  },
  {
    what: 'a big buffer',
    script: `const a = []; for (;;) a.push(Buffer.alloc(1e8, 'x'));`,
    ends: 'RULE_THREW',
  },
  { what: 'a long base64 text', script: `for (;;) btoa('x'.repeat(1e7));`, ends: 'RULE_MEMORY' },
  {
    what: 'long URLs',
    script: `for (;;) try { new URL('http://a/' + 'x'.repeat(1e6)) } catch {}`,
    ends: 'RULE_CPU',
    limits: muchMemory,
  },
  {
    what: 'long queries',
    script: `for (;;) try { new URLSearchParams('&a'.repeat(1e5)) } catch {}`,
    ends: 'RULE_CPU',
    limits: muchMemory,
  },
  {
    what: 'a clone of a big tree',
    script: `let o = {}; for (let i = 0; i < 1e5; i++) o = { o, i }; structuredClone(o);`,
    ends: 'RULE_THREW',
  },
  {
    what: 'a flood of updates',
    script: `for (let i = 0; i < 1e5; i++) try { auth0.users.updateUserMetadata('x', { a: 'x'.repeat(1e5) }).catch(() => 1) } catch {}`,
    ends: 'RULE_MEMORY',
  },
]

const replaced: readonly HostileCase[] = [
  {
    what: 'the class of promises',
    script: `Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 1 } }); setTimeout(() => { ${pass} }, 1);`,
    ends: 'allow',
  },
  {
    what: 'the species of promises',
    script: `Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } }); setTimeout(() => { ${pass} }, 1);`,
    ends: 'allow',
  },
  {
    what: 'what every object has',
    script: `for (const key of ['user', 'context', 'fault', 'code', 'message', 'ended', 'failure', 'then']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); ${pass}`,
    ends: 'allow',
  },
  {
    what: 'what every list has',
    script: `for (let i = 0; i < 50; i++) Object.defineProperty(Array.prototype, i, { get() { ${loop} }, set() { ${loop} } }); user.n = { a: undefined }; ${pass}`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the iterator of lists',
    script: `Array.prototype[Symbol.iterator] = function* () { ${loop} }; ${pass}`,
    ends: 'allow',
  },
  {
    what: 'what JSON does',
    script: `JSON.parse = JSON.stringify = () => { ${loop} }; user.a = 1; ${pass}`,
    ends: 'allow',
  },
]

describe('rule code that loops where it is read', () => {
  testHostileCases(looping)
})
describe('memory and time through builtins', () => {
  testHostileCases(builtins, { limits: enoughCpu })
})
describe('builtins that are replaced in a fresh realm', () => {
  testHostileCases(replaced, { realm: 'fresh' })
})
