import { describe } from 'vitest'
import {
  type HostileCase,
  enoughCpu,
  littleMemory,
  littleTime,
  muchCpu,
  muchMemory,
  testHostileCases,
} from './hostile-case.ts'

const cpu: readonly HostileCase[] = [
  { what: 'an endless loop', script: `for (;;);`, ends: 'RULE_CPU' },
  {
    what: 'RX-01 an endless chain of microtasks',
    script: `(function next() { Promise.resolve().then(next) })();`,
    ends: 'RULE_CPU',
  },
  { what: 'RX-02 a loop after a timer', script: `setTimeout(function () { for (;;); }, 1);`, ends: 'RULE_CPU' },
  {
    what: 'RX-02 a loop after an await',
    script: `(async function () { await new Promise(function (r) { setTimeout(r, 1) }); for (;;); })();`,
    ends: 'RULE_CPU',
  },
  {
    what: 'RX-04 builtins that take long',
    script: `for (;;) (7n ** (1n << 21n)).toString();`,
    ends: 'RULE_CPU',
    limits: muchMemory,
  },
  {
    what: 'RX-08 an error whose message never ends',
    script: `throw { get message() { for (;;); } };`,
    ends: 'RULE_CPU',
  },
  {
    what: 'RX-08 a looping message in a rejection',
    script: `return Promise.reject({ get message() { for (;;); } });`,
    ends: 'RULE_CPU',
  },
  {
    what: 'RX-08 a looping message in a timer',
    script: `setTimeout(function () { throw { get message() { for (;;); } } }, 1);`,
    ends: 'RULE_CPU',
  },
  {
    what: 'RX-09 a regular expression that backtracks',
    script: `/^(a+)+$/.test(new Array(41).join('a') + '!');`,
    ends: 'RULE_CPU',
  },
  {
    what: 'SE-05 a getter that loops',
    script: `Object.defineProperty(user, 'g', { enumerable: true, get: function () { for (;;); } }); callback(null, user, context);`,
    ends: 'RULE_CPU',
  },
  {
    what: 'SE-05 a toJSON that loops',
    script: `user.t = { toJSON: function () { for (;;); } }; callback(null, user, context);`,
    ends: 'RULE_CPU',
  },
  {
    what: 'SE-05 a proxy that loops',
    script: `callback(null, new Proxy({}, { ownKeys: function () { for (;;); } }), context);`,
    ends: 'RULE_CPU',
  },
  {
    what: 'SE-05 a thenable that loops',
    script: `return { then: function () { for (;;); } };`,
    ends: 'RULE_CPU',
  },
]

const time: readonly HostileCase[] = [
  {
    what: 'RX-03 a promise that never settles',
    script: `return new Promise(function () {});`,
    ends: 'RULE_NO_CALLBACK',
  },
  {
    what: 'RX-03 a promise that never settles, beside a timer',
    script: `setInterval(function () {}, 50); return new Promise(function () {});`,
    ends: 'RULE_TIMEOUT',
    limits: littleTime,
  },
  {
    what: 'RX-10 an interval that never ends',
    script: `setInterval(function () {}, 0);`,
    ends: 'RULE_TIMEOUT',
    limits: littleTime,
  },
]

const memory: readonly HostileCase[] = [
  {
    what: 'RX-05 a Map that is filled for ever',
    script: `var m = new Map(); for (var i = 0; ; i++) m.set(i, { i: i });`,
    ends: 'RULE_MEMORY',
    limits: littleMemory,
  },
  {
    what: 'RX-05 an object with endless keys',
    script: `var o = {}; for (var i = 0; ; i++) o['k' + i] = { i: i };`,
    ends: 'RULE_MEMORY',
    limits: littleMemory,
  },
  {
    what: 'RX-06 a string that doubles',
    script: `var s = 'x'; for (;;) { s += s; s.charCodeAt(s.length - 1); }`,
    ends: 'RULE_THREW',
    limits: muchCpu,
  },
  {
    what: 'RX-06 padding',
    script: `var a = []; for (;;) a.push('x'.padEnd(1e7) + Math.random());`,
    ends: 'RULE_MEMORY',
  },
  {
    what: 'RX-06 typed arrays',
    script: `var a = []; for (;;) a.push(new Float64Array(1e6).fill(1));`,
    ends: 'RULE_THREW',
  },
]

const floods: readonly HostileCase[] = [
  {
    what: 'RX-10 a flood of timers',
    script: `for (var i = 0; i < 1e6; i++) setTimeout(function () {}, 0);`,
    ends: 'LIMIT_EXCEEDED',
  },
  {
    what: 'RX-11 a flood of lines',
    script: `for (var i = 0; i < 1e5; i++) console.log('line'); callback(null, user, context);`,
    ends: 'allow',
  },
  {
    what: 'RX-11 one endless line',
    script: `console.log(new Array(3e7).join('x')); callback(null, user, context);`,
    ends: 'RULE_MEMORY',
    limits: enoughCpu,
  },
  {
    what: 'RX-12 a flood of requests',
    script: `for (var i = 0; i < 1e4; i++) fetch('http://127.0.0.1:1/').catch(function () {}); callback(null, user, context);`,
    ends: 'allow',
  },
  {
    what: 'RX-14 a huge string',
    script: `user.s = new Array(5e6).join('x'); callback(null, user, context);`,
    ends: 'RULE_OUTPUT',
  },
  {
    what: 'RX-14 a million keys',
    script: `for (var i = 0; i < 1e6; i++) user[i] = i; callback(null, user, context);`,
    ends: 'RULE_MEMORY',
    limits: enoughCpu,
  },
  {
    what: 'RX-14 a tree that shares its branches',
    script: `var o = {}; for (var i = 0; i < 30; i++) o = { a: o, b: o }; user.o = o; callback(null, user, context);`,
    ends: 'RULE_OUTPUT',
  },
  {
    what: 'SE-06 a callback called a million times',
    script: `for (var i = 0; i < 1e6; i++) callback(null, user, context);`,
    ends: 'allow',
  },
  { what: 'a stack that overflows', script: `(function f() { f() })();`, ends: 'RULE_THREW' },
  {
    what: 'a stack that overflows in the message',
    script: `throw { get message() { return (function f() { return f() })() } };`,
    ends: 'RULE_THREW',
  },
]

describe('CPU without end', () => {
  testHostileCases(cpu)
})
describe('time without end', () => {
  testHostileCases(time)
})
describe('memory without end', () => {
  testHostileCases(memory, { limits: enoughCpu })
})
describe('floods', () => {
  testHostileCases(floods, { limits: enoughCpu })
})
