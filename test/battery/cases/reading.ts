import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { bothRealms } from './variants.ts'

const loop = 'for (;;);'
const pass = 'callback(null, user, context);'

/** The rule's own code can run wherever the engine reads what a rule made; it must run on the rule's time. */
export const readingCases: readonly ScriptCase[] = inRow('SE-05', bothRealms, [
  { mechanism: 'the message of a refusal', script: `callback({ get message() { ${loop} } });`, expected: 'RULE_CPU' },
  { mechanism: 'the name of a thrown error', script: `throw { get name() { ${loop} } };`, expected: 'RULE_CPU' },
  {
    mechanism: 'the stack of a thrown error',
    script: `throw { message: 'm', get stack() { ${loop} } };`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the prototype of a thrown proxy',
    script: `throw new Proxy(new Error('x'), { get() { ${loop} }, has() { ${loop} } });`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the text of a message',
    script: `throw { message: { toString() { ${loop} } } };`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'a rejection that nobody handles',
    script: `Promise.reject({ get message() { ${loop} } }); setTimeout(() => 1, 50);`,
    expected: 'RULE_CPU',
  },
  { mechanism: 'the then of what it returns', script: `return { get then() { ${loop} } };`, expected: 'RULE_CPU' },
  {
    mechanism: 'the tag of a value',
    script: `user.t = new (class { get [Symbol.toStringTag]() { ${loop} } })(); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the prototype of a value',
    script: `user.p = new Proxy({}, { getPrototypeOf() { ${loop} } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the length of a list',
    script: `user.l = new Proxy([], { get(t, k) { return k === 'length' ? 1e9 : 1 } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  { mechanism: 'a list without end', script: `user.l = []; user.l.length = 4e9; ${pass}`, expected: 'RULE_CPU' },
  {
    mechanism: 'what it prints',
    script: `console.log(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'what it prints as a number',
    script: `console.log('%d', { valueOf() { ${loop} } }); console.log('%s', new (class { get [Symbol.toStringTag]() { ${loop} } })()); ${pass}`,
    expected: 'RULE_CPU',
  },
  { mechanism: 'the input of a URL', script: `new URL({ toString() { ${loop} } }); ${pass}`, expected: 'RULE_CPU' },
  {
    mechanism: 'the options of fetch',
    script: `fetch('http://10.0.0.1/', { get method() { ${loop} } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the headers of fetch',
    script: `fetch('http://10.0.0.1/', { headers: { *[Symbol.iterator]() { for (;;) yield ['a', 'b'] } } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the body of fetch',
    script: `fetch('http://10.0.0.1/', { method: 'POST', body: { toString() { ${loop} } } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the data of auth0',
    script: `auth0.users.updateUserMetadata('x', { toJSON() { ${loop} } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the delay of a timer',
    script: `setTimeout(() => 1, { valueOf() { ${loop} } }); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'the name of a module',
    script: `require({ toString() { ${loop} } }); ${pass}`,
    expected: 'MODULE_NOT_FOUND',
  },
  {
    mechanism: 'what it clones',
    script: `structuredClone(new Proxy({}, { ownKeys() { ${loop} } })); ${pass}`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'a getter that loops',
    script: `Object.defineProperty(user, 'g', { enumerable: true, get: function () { for (;;); } }); callback(null, user, context);`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'a toJSON that loops',
    script: `user.t = { toJSON: function () { for (;;); } }; callback(null, user, context);`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'a proxy that loops',
    script: `callback(null, new Proxy({}, { ownKeys: function () { for (;;); } }), context);`,
    expected: 'RULE_CPU',
  },
  {
    mechanism: 'a thenable that loops',
    script: `return { then: function () { for (;;); } };`,
    expected: 'RULE_CPU',
  },
])
