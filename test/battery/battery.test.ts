import { describe, expect, test } from 'vitest'
import { attack } from './attack.ts'

const minute = 120_000
const quick = { wallPerRuleMs: 300, wallPerLoginMs: 600 }

describe('twenty times over, while another login goes through', () => {
  test.each([
    ['an endless loop', `for (;;);`, ['RULE_CPU'], {}],
    ['a promise that never settles', `return new Promise(function () {});`, ['RULE_NO_CALLBACK'], {}],
    [
      'a promise that never settles, beside a timer',
      `setInterval(function () {}, 50); return new Promise(function () {});`,
      ['RULE_TIMEOUT'],
      quick,
    ],
    [
      'a Map that is filled for ever',
      `var m = new Map(); for (var i = 0; ; i++) m.set(i, { i: i });`,
      ['RULE_CPU', 'RULE_MEMORY'],
      {},
    ],
    ['an error whose message never ends', `throw { get message() { for (;;); } };`, ['RULE_CPU'], {}],
  ])(
    '%s ends as a typed outcome',
    async (_what, script, codes, limits) => {
      const { hostile, clean } = await attack(script, 20, { limits })
      expect(hostile.filter((code) => !codes.includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
    },
    minute,
  )
})

describe('five times over', () => {
  const cpu = ['RULE_CPU']
  const memory = ['RULE_CPU', 'RULE_MEMORY']
  /** What cannot be interrupted ends by the first deadline that is watched from outside. */
  const killed = ['RULE_CPU', 'RULE_MEMORY', 'RULE_TIMEOUT']

  test.each([
    ['RX-01 an endless chain of microtasks', `(function next() { Promise.resolve().then(next) })();`, cpu],
    ['RX-02 a loop after a timer', `setTimeout(function () { for (;;); }, 1);`, cpu],
    [
      'RX-02 a loop after an await',
      `(async function () { await new Promise(function (r) { setTimeout(r, 1) }); for (;;); })();`,
      cpu,
    ],
    ['RX-04 a builtin that cannot be interrupted', `for (;;) (7n ** (1n << 21n)).toString();`, killed],
    ['RX-05 an object with endless keys', `var o = {}; for (var i = 0; ; i++) o['k' + i] = { i: i };`, memory],
    [
      'RX-06 a string that doubles',
      `var s = 'x'; for (;;) { s += s; s.charCodeAt(s.length - 1); }`,
      [...killed, 'RULE_THREW'],
    ],
    ['RX-06 padding', `var a = []; for (;;) a.push('x'.padEnd(1e7) + Math.random());`, [...killed, 'RULE_THREW']],
    ['RX-06 typed arrays', `var a = []; for (;;) a.push(new Float64Array(1e6).fill(1));`, [...killed, 'RULE_THREW']],
    ['RX-08 a looping message in a rejection', `return Promise.reject({ get message() { for (;;); } });`, cpu],
    [
      'RX-08 a looping message in a timer',
      `setTimeout(function () { throw { get message() { for (;;); } } }, 1);`,
      cpu,
    ],
    ['RX-09 a regular expression that backtracks', `/^(a+)+$/.test(new Array(41).join('a') + '!');`, cpu],
    ['RX-10 a flood of timers', `for (var i = 0; i < 1e6; i++) setTimeout(function () {}, 0);`, ['LIMIT_EXCEEDED']],
    ['RX-10 an interval that never ends', `setInterval(function () {}, 0);`, ['RULE_CPU', 'RULE_TIMEOUT']],
    [
      'RX-11 a flood of lines',
      `for (var i = 0; i < 1e5; i++) console.log('line'); callback(null, user, context);`,
      ['allow', 'RULE_CPU'],
    ],
    [
      'RX-11 one endless line',
      `console.log(new Array(3e7).join('x')); callback(null, user, context);`,
      ['allow', ...killed],
    ],
    [
      'RX-12 a flood of requests',
      `for (var i = 0; i < 1e4; i++) fetch('http://127.0.0.1:1/').catch(function () {}); callback(null, user, context);`,
      ['LIMIT_EXCEEDED', 'allow', 'RULE_CPU'],
    ],
    [
      'RX-14 a huge string',
      `user.s = new Array(2e7).join('x'); callback(null, user, context);`,
      ['RULE_OUTPUT', ...memory],
    ],
    [
      'RX-14 a million keys',
      `for (var i = 0; i < 1e6; i++) user[i] = i; callback(null, user, context);`,
      ['RULE_OUTPUT', ...memory],
    ],
    [
      'RX-14 a tree that shares its branches',
      `var o = {}; for (var i = 0; i < 30; i++) o = { a: o, b: o }; user.o = o; callback(null, user, context);`,
      ['RULE_OUTPUT', ...memory],
    ],
    [
      'SE-05 a getter that loops',
      `Object.defineProperty(user, 'g', { enumerable: true, get: function () { for (;;); } }); callback(null, user, context);`,
      cpu,
    ],
    [
      'SE-05 a toJSON that loops',
      `user.t = { toJSON: function () { for (;;); } }; callback(null, user, context);`,
      cpu,
    ],
    [
      'SE-05 a proxy that loops',
      `callback(null, new Proxy({}, { ownKeys: function () { for (;;); } }), context);`,
      cpu,
    ],
    ['SE-05 a thenable that loops', `return { then: function () { for (;;); } };`, cpu],
    [
      'SE-06 a callback called a million times',
      `for (var i = 0; i < 1e6; i++) callback(null, user, context);`,
      ['allow', 'RULE_CPU'],
    ],
    ['a stack that overflows', `(function f() { f() })();`, ['RULE_THREW']],
    [
      'a stack that overflows in the message',
      `throw { get message() { return (function f() { return f() })() } };`,
      ['RULE_THREW', 'deny'],
    ],
  ])(
    '%s ends as a typed outcome',
    async (_what, script, codes) => {
      const { hostile, clean, rssMb } = await attack(script, 5, { limits: codes.includes('RULE_TIMEOUT') ? quick : {} })
      expect(hostile.filter((code) => !codes.includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
      expect(rssMb).toBeLessThan(250)
    },
    minute,
  )
})
