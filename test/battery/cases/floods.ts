import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu, littleTime } from './limits.ts'
import { bothRealms, everywhere } from './variants.ts'

const common = { limits: enoughCpu }
const pass = 'callback(null, user, context);'

/** Floods: timers, lines, requests, output, ends. */
export const floodCases: readonly ScriptCase[] = [
  ...inRow(
    'RX-10',
    bothRealms,
    [
      {
        mechanism: 'a flood of timers',
        script: `for (var i = 0; i < 1e6; i++) setTimeout(function () {}, 0);`,
        expected: 'LIMIT_EXCEEDED',
        variants: everywhere,
      },
      {
        mechanism: 'timers that arm timers',
        script: `(function arm() { setTimeout(arm, 0); setTimeout(arm, 0) })();`,
        expected: 'LIMIT_EXCEEDED',
      },
      {
        mechanism: 'an interval that never ends',
        script: `setInterval(function () {}, 0);`,
        expected: 'RULE_TIMEOUT',
        limits: littleTime,
      },
    ],
    common,
  ),
  ...inRow(
    'RX-11',
    bothRealms,
    [
      {
        mechanism: 'a flood of lines',
        script: `for (var i = 0; i < 1e5; i++) console.log('line'); ${pass}`,
        expected: 'allow',
        variants: [...bothRealms, 'action', 'hook', 'modules', 'package'],
      },
      {
        mechanism: 'one endless line',
        script: `console.log(new Array(3e7).join('x')); ${pass}`,
        expected: 'RULE_MEMORY',
      },
      {
        mechanism: 'a huge object that is printed',
        script: `var o = {}; for (var i = 0; i < 1e5; i++) o['k' + i] = { i: i }; console.log(o); ${pass}`,
        expected: 'allow',
      },
    ],
    common,
  ),
  ...inRow(
    'RX-12',
    bothRealms,
    [
      {
        mechanism: 'a flood of requests',
        script: `for (var i = 0; i < 1e4; i++) fetch('http://127.0.0.1:1/').catch(function () {}); ${pass}`,
        expected: 'allow',
      },
    ],
    common,
  ),
  ...inRow(
    'RX-14',
    bothRealms,
    [
      {
        mechanism: 'a huge string',
        script: `user.s = new Array(5e6).join('x'); ${pass}`,
        expected: 'RULE_OUTPUT',
        variants: [...bothRealms, 'hook', 'modules', 'package'],
      },
      {
        mechanism: 'a million keys',
        script: `for (var i = 0; i < 1e6; i++) user[i] = i; ${pass}`,
        expected: 'RULE_MEMORY',
      },
      {
        mechanism: 'a tree that shares its branches',
        script: `var o = {}; for (var i = 0; i < 30; i++) o = { a: o, b: o }; user.o = o; ${pass}`,
        expected: 'RULE_OUTPUT',
      },
      {
        mechanism: 'great depth',
        script: `var o = user; for (var i = 0; i < 1e5; i++) o = o.a = {}; ${pass}`,
        expected: 'RULE_OUTPUT',
      },
      { mechanism: 'a cycle', script: `user.self = { user: user }; ${pass}`, expected: 'RULE_OUTPUT' },
      { mechanism: 'a BigInt', script: `user.n = 1n; ${pass}`, expected: 'RULE_OUTPUT' },
      { mechanism: 'a symbol', script: `user.s = Symbol('s'); ${pass}`, expected: 'RULE_OUTPUT' },
      { mechanism: 'a promise', script: `user.p = Promise.resolve(1); ${pass}`, expected: 'RULE_OUTPUT' },
      {
        mechanism: 'lone surrogates and NUL',
        script: String.raw`user['\0'] = '\ud800'; user.text = '\udfff\0'; ${pass}`,
        expected: 'allow',
      },
    ],
    common,
  ),
  ...inRow(
    'SE-06',
    bothRealms,
    [
      {
        mechanism: 'a callback called a million times',
        script: `for (var i = 0; i < 1e6; i++) ${pass}`,
        expected: 'allow',
      },
    ],
    common,
  ),
  ...inRow(
    'RX-01',
    bothRealms,
    [
      {
        mechanism: 'a stack that overflows',
        script: `(function f() { f() })();`,
        expected: 'RULE_THREW',
        variants: everywhere,
      },
      {
        mechanism: 'a stack that overflows in the message',
        script: `throw { get message() { return (function f() { return f() })() } };`,
        expected: 'RULE_THREW',
      },
    ],
    common,
  ),
]
