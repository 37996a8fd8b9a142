import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu, littleMemory, muchCpu, muchMemory } from './limits.ts'
import { bothRealms, everywhere } from './variants.ts'

const limits = enoughCpu

/** Memory without end, by collections, by strings and by builtins. */
export const memoryCases: readonly ScriptCase[] = [
  ...inRow(
    'RX-05',
    bothRealms,
    [
      {
        mechanism: 'a Map that is filled for ever',
        script: `var m = new Map(); for (var i = 0; ; i++) m.set(i, { i: i });`,
        expected: 'RULE_MEMORY',
        variants: everywhere,
        limits: littleMemory,
      },
      {
        mechanism: 'an object with endless keys',
        script: `var o = {}; for (var i = 0; ; i++) o['k' + i] = { i: i };`,
        expected: 'RULE_MEMORY',
        limits: littleMemory,
      },
    ],
    { limits },
  ),
  ...inRow(
    'RX-06',
    bothRealms,
    [
      {
        mechanism: 'a string that doubles',
        script: `var s = 'x'; for (;;) { s += s; s.charCodeAt(s.length - 1); }`,
        expected: 'RULE_THREW',
        limits: muchCpu,
      },
      {
        mechanism: 'padding',
        script: `var a = []; for (;;) a.push('x'.padEnd(1e7) + Math.random());`,
        expected: 'RULE_MEMORY',
        variants: everywhere,
      },
      {
        mechanism: 'typed arrays',
        script: `var a = []; for (;;) a.push(new Float64Array(1e6).fill(1));`,
        expected: 'RULE_THREW',
      },
      {
        mechanism: 'promises',
        script: `const a = []; for (;;) a.push(new Promise(() => {}));`,
        expected: 'RULE_MEMORY',
      },
      { mechanism: 'closures', script: `let f = () => 1; for (;;) f = ((g) => () => g)(f);`, expected: 'RULE_MEMORY' },
      {
        mechanism: 'microtasks',
        script: `for (let i = 0; i < 1e8; i++) queueMicrotask(() => 1);`,
        expected: 'RULE_MEMORY',
      },
      {
        mechanism: 'registered symbols',
        script: `for (let i = 0; ; i++) Symbol.for('s' + i);`,
        expected: 'RULE_CPU',
        limits: muchMemory,
      },
      {
        mechanism: 'formatters',
        script: `const a = []; for (;;) a.push(new Intl.DateTimeFormat('en'));`,
        expected: 'RULE_MEMORY',
      },
      { mechanism: 'a spread of a long string', script: `[...'x'.repeat(5e8)];`, expected: 'RULE_MEMORY' },
      { mechanism: 'a source of a hundred megabytes', script: `eval('1;'.repeat(5e7));`, expected: 'RULE_THREW' },
      {
        mechanism: 'a shift of a big number',
        script: `1n << (1n << 30n); for (let n = 3n; ; ) n = n * n;`,
        expected: 'RULE_THREW',
      },
      {
        mechanism: 'a regular expression of great size',
        script: `new RegExp('(?:a{1000}){1000}'.repeat(50)).test('a');`,
        expected: 'RULE_NO_CALLBACK',
      },
      {
        mechanism: 'a big buffer',
        script: `const a = []; for (;;) a.push(Buffer.alloc(1e8, 'x'));`,
        expected: 'RULE_THREW',
      },
      { mechanism: 'a long base64 text', script: `for (;;) btoa('x'.repeat(1e7));`, expected: 'RULE_MEMORY' },
      {
        mechanism: 'long URLs',
        script: `for (;;) try { new URL('http://a/' + 'x'.repeat(1e6)) } catch {}`,
        expected: 'RULE_CPU',
        limits: muchMemory,
      },
      {
        mechanism: 'long queries',
        script: `for (;;) try { new URLSearchParams('&a'.repeat(1e5)) } catch {}`,
        expected: 'RULE_CPU',
        limits: muchMemory,
      },
      {
        mechanism: 'a clone of a big tree',
        script: `let o = {}; for (let i = 0; i < 1e5; i++) o = { o, i }; structuredClone(o);`,
        expected: 'RULE_THREW',
      },
      {
        mechanism: 'a flood of updates',
        script: `for (let i = 0; i < 1e5; i++) try { auth0.users.updateUserMetadata('x', { a: 'x'.repeat(1e5) }).catch(() => 1) } catch {}`,
        expected: 'RULE_MEMORY',
      },
    ],
    { limits },
  ),
  ...inRow(
    'RX-07',
    bothRealms,
    [
      {
        mechanism: 'array buffers outside the heap',
        script: `var a = []; for (;;) a.push(new Uint8Array(new ArrayBuffer(1e8)).fill(1));`,
        expected: 'RULE_THREW',
      },
      {
        mechanism: 'buffers that grow',
        script: `var b = new ArrayBuffer(8, { maxByteLength: 1e9 }); if (b.resizable) { b.resize(1e9); new Uint8Array(b).fill(1); } callback(null, user, context);`,
        expected: 'allow',
      },
      {
        mechanism: 'memory of WebAssembly',
        script: `new WebAssembly.Memory({ initial: 16000 }); callback(null, user, context);`,
        expected: 'RULE_THREW',
      },
    ],
    { limits },
  ),
]
