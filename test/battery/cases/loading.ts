import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu } from './limits.ts'
import { bothRealms, everywhere } from './variants.ts'

const pass = 'callback(null, user, context);'

const imports = [
  'import("fs")',
  'import("node:fs")',
  'import("data:text/javascript,export default 1")',
  'eval(`import("fs")`)',
  'Function(`return import("fs")`)()',
  '(0, eval)(`import("file:///etc/passwd")`)',
]
const refusedNames = ['fs', 'node:fs', 'node:child_process', 'worker_threads', '../x', '/etc/passwd', '']
const unknownNames = [
  '"constructor"',
  '"__proto__"',
  '{ toString() { return "fs" } }',
  'Symbol("fs")',
  'null',
  '["fs"]',
]

/** Modules of the host, and memory that no limit counts. */
export const loadingCases: readonly ScriptCase[] = [
  ...inRow('SE-09', bothRealms, [
    ...refusedNames.map((name) => ({
      mechanism: `require(${JSON.stringify(name)})`,
      script: `require(${JSON.stringify(name)}); ${pass}`,
      expected: 'MODULE_REFUSED',
    })),
    ...unknownNames.map((name) => ({
      mechanism: `require(${name})`,
      script: `require(${name}); ${pass}`,
      expected: 'MODULE_NOT_FOUND',
    })),
    {
      mechanism: 'import() in six ways',
      script: `var left = ${imports.length}; function done(e) { if (e.message !== 'Not supported') throw e; if (--left === 0) ${pass} }
        ${imports.map((code) => `Promise.resolve().then(function () { return ${code} }).then(function () { throw new Error('loaded') }).catch(done);`).join('\n')}`,
      expected: 'allow',
    },
  ]),
  ...inRow('SE-10', everywhere, [
    {
      mechanism: 'WebAssembly, shared memory and buffers that grow, by nine routes',
      script: `var options = { maxByteLength: 1e9 };
        class Sub extends ArrayBuffer {}
        var made = [() => new ArrayBuffer(8, options), () => Reflect.construct(ArrayBuffer, [8, options]),
          () => new new Uint8Array(8).buffer.constructor(8, options), () => new Sub(8, options),
          () => new ArrayBuffer[Symbol.species](8, options), () => Reflect.construct(ArrayBuffer, [8, options], Object),
          () => new ArrayBuffer(8).transfer(8, options), () => structuredClone(new ArrayBuffer(8)), () => new ArrayBuffer(8).slice(0, 4)];
        for (var name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'])
          if (name in globalThis) throw new Error(name + ' is there');
        made.forEach(function (make, index) {
          try { ArrayBuffer.prototype.resize.call(make(), 1e6); } catch (error) { return; }
          throw new Error('a buffer grew by route ' + index);
        });
        ${pass}`,
      expected: 'allow',
      limits: enoughCpu,
    },
  ]),
]
