import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { freshOnly } from './variants.ts'

const loop = 'for (;;);'
const pass = 'callback(null, user, context);'

/** Builtins that a rule replaces, which it can in a fresh realm only. */
export const replacedCases: readonly ScriptCase[] = [
  ...inRow('SE-07', freshOnly, [
    {
      mechanism: 'the class of promises',
      script: `Object.defineProperty(Promise.prototype, 'constructor', { get() { throw 1 } }); setTimeout(() => { ${pass} }, 1);`,
      expected: 'allow',
    },
    {
      mechanism: 'the species of promises',
      script: `Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } }); setTimeout(() => { ${pass} }, 1);`,
      expected: 'allow',
    },
    {
      mechanism: 'what every object has',
      script: `for (const key of ['user', 'context', 'fault', 'code', 'message', 'ended', 'failure', 'then']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); ${pass}`,
      expected: 'allow',
    },
    {
      mechanism: 'what every list has',
      script: `for (let i = 0; i < 50; i++) Object.defineProperty(Array.prototype, i, { get() { ${loop} }, set() { ${loop} } }); user.n = { a: undefined }; ${pass}`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'the iterator of lists',
      script: `Array.prototype[Symbol.iterator] = function* () { ${loop} }; ${pass}`,
      expected: 'allow',
    },
    {
      mechanism: 'what JSON does',
      script: `JSON.parse = JSON.stringify = () => { ${loop} }; user.a = 1; ${pass}`,
      expected: 'allow',
    },
  ]),
  ...inRow(
    'SE-07',
    ['action, fresh'],
    [
      {
        mechanism: 'in an action, what JSON does',
        script: `JSON.parse = JSON.stringify = () => { ${loop} }; api.idToken.setCustomClaim('a', { b: 1 });`,
        expected: 'allow',
      },
      {
        mechanism: 'in an action, what every object has',
        script: `for (const key of ['user', 'value', 'get', 'set', 'type', 'url', 'then', 'query']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); api.idToken.setCustomClaim('a', { b: 1 });`,
        expected: 'RULE_CPU',
      },
      {
        mechanism: 'in an action, the class of promises',
        script: `Promise.prototype.then = () => { ${loop} }; Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } });`,
        expected: 'RULE_CPU',
      },
      {
        mechanism: 'in an action, dates and texts',
        script: `Date = null; String.prototype.split = () => { ${loop} }; api.redirect.encodeToken({ secret: 'x' });`,
        expected: 'allow',
      },
    ],
  ),
]
