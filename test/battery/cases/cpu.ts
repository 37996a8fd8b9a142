import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { littleTime, muchMemory } from './limits.ts'
import { bothRealms, everywhere } from './variants.ts'

/** CPU and time without end. */
export const cpuCases: readonly ScriptCase[] = [
  ...inRow('RX-01', everywhere, [
    { mechanism: 'an endless loop', script: `for (;;);`, expected: 'RULE_CPU' },
    {
      mechanism: 'an endless chain of microtasks',
      script: `(function next() { Promise.resolve().then(next) })();`,
      expected: 'RULE_CPU',
      variants: [...bothRealms, 'hook', 'modules', 'package'],
    },
  ]),
  ...inRow('RX-02', bothRealms, [
    {
      mechanism: 'a loop after a timer',
      script: `setTimeout(function () { for (;;); }, 1);`,
      expected: 'RULE_CPU',
      variants: [...bothRealms, 'hook', 'modules', 'package'],
    },
    {
      mechanism: 'a loop after an await',
      script: `(async function () { await new Promise(function (r) { setTimeout(r, 1) }); for (;;); })();`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a loop after a request',
      script: ({ http }) => `fetch('http://127.0.0.1:${http}/').then(function () { for (;;); });`,
      allow: ['127.0.0.1'],
      expected: 'RULE_CPU',
    },
  ]),
  ...inRow('RX-03', bothRealms, [
    {
      mechanism: 'a promise that never settles',
      script: `return new Promise(function () {});`,
      expected: 'RULE_NO_CALLBACK',
      variants: everywhere,
    },
    {
      mechanism: 'a promise that never settles, beside a timer',
      script: `setInterval(function () {}, 50); return new Promise(function () {});`,
      expected: 'RULE_TIMEOUT',
      limits: littleTime,
    },
    {
      mechanism: 'a peer that answers after the deadline',
      script: ({ http }) => `fetch('http://127.0.0.1:${http}/never').then(callback, callback);`,
      allow: ['127.0.0.1'],
      expected: 'RULE_TIMEOUT',
      limits: littleTime,
    },
  ]),
  ...inRow('RX-04', everywhere, [
    {
      mechanism: 'powers of big numbers, as text',
      script: `for (;;) (7n ** (1n << 21n)).toString();`,
      expected: 'RULE_CPU',
      limits: muchMemory,
      variants: ['rule', 'rule, fresh', 'action', 'hook'],
    },
    {
      mechanism: 'a sort whose comparison never tires',
      script: `for (;;) Array.from({ length: 1e5 }, function (_, i) { return (i * 7919) % 1e5 }).sort();`,
      expected: 'RULE_CPU',
      limits: muchMemory,
      variants: bothRealms,
    },
    {
      mechanism: 'a text that is parsed and written again and again',
      script: `var text = '[' + Array(1e5).join('1,') + '1]'; for (;;) JSON.stringify(JSON.parse(text));`,
      expected: 'RULE_CPU',
      limits: muchMemory,
      variants: bothRealms,
    },
  ]),
  ...inRow('RX-08', bothRealms, [
    {
      mechanism: 'an error whose message never ends',
      script: `throw { get message() { for (;;); } };`,
      expected: 'RULE_CPU',
      variants: everywhere,
    },
    {
      mechanism: 'a looping message in a rejection',
      script: `return Promise.reject({ get message() { for (;;); } });`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a looping message in a timer',
      script: `setTimeout(function () { throw { get message() { for (;;); } } }, 1);`,
      expected: 'RULE_CPU',
    },
  ]),
  ...inRow('RX-09', everywhere, [
    {
      mechanism: 'a regular expression that backtracks',
      script: `/^(a+)+$/.test(new Array(41).join('a') + '!');`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a regular expression that backtracks in replace',
      script: `(new Array(41).join('a') + '!').replace(/^(a+)+$/, 'b');`,
      expected: 'RULE_CPU',
      variants: bothRealms,
    },
  ]),
]
