import type { ScriptCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { enoughCpu, muchCpu } from './limits.ts'
import { bothActions } from './variants.ts'

const loop = 'for (;;);'
const limits = enoughCpu

/** What only an action can try: its handlers, and its `api`. */
export const actionCases: readonly ScriptCase[] = [
  ...inRow('RX-01', bothActions, [
    {
      mechanism: 'an endless loop after an await',
      script: `await new Promise((r) => setTimeout(r, 1)); ${loop}`,
      expected: 'RULE_CPU',
    },
    { mechanism: 'an endless chain of awaits', script: `for (;;) await null;`, expected: 'RULE_CPU' },
    { mechanism: 'a thenable that loops', script: `return { then() { ${loop} } };`, expected: 'RULE_CPU' },
    {
      mechanism: 'a handler that is a looping getter',
      script: `Object.defineProperty(module, 'exports', { get() { ${loop} } });`,
      expected: 'allow',
    },
  ]),
  ...inRow('SE-05', bothActions, [
    {
      mechanism: 'a rejection whose message never ends',
      script: `throw { get message() { ${loop} } };`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a claim with a looping toJSON',
      script: `api.idToken.setCustomClaim('a', { toJSON() { ${loop} } });`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a claim behind a proxy',
      script: `api.idToken.setCustomClaim('a', new Proxy({}, { ownKeys() { ${loop} } }));`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a reason that loops',
      script: `api.access.deny({ get message() { ${loop} } });`,
      expected: 'RULE_CPU',
    },
  ]),
  ...inRow('RX-14', bothActions, [
    {
      mechanism: 'a flood of tokens',
      script: `for (;;) api.redirect.encodeToken({ secret: 'x', payload: { a: 'x'.repeat(1e5) } });`,
      expected: 'RULE_CPU',
    },
    {
      mechanism: 'a flood of cache records',
      script: `for (let i = 0; ; i++) api.cache.set('k' + i, 'x'.repeat(7000));`,
      expected: 'RULE_CPU',
    },
  ]),
  ...inRow(
    'RX-14',
    bothActions,
    [
      {
        mechanism: 'factors without end',
        script: `api.authentication.challengeWithAny(Object.assign([], { length: 4294967295 }));`,
        expected: 'RULE_MEMORY',
        limits: muchCpu,
      },
      {
        mechanism: 'a flood of claims',
        script: `for (let i = 0; ; i++) api.idToken.setCustomClaim('c' + i, i);`,
        expected: 'RULE_MEMORY',
      },
      {
        mechanism: 'a flood of warnings',
        script: `for (let i = 0; i < 1e5; i++) api.prompt.render('x');`,
        expected: 'allow',
      },
      {
        mechanism: 'a claim of great size',
        script: `api.idToken.setCustomClaim('a', 'x'.repeat(5e6));`,
        expected: 'RULE_OUTPUT',
      },
      {
        mechanism: 'a key that would be a prototype',
        script: `api.user.setUserMetadata('__proto__', { a: 1 });`,
        expected: 'RULE_THREW',
      },
      {
        mechanism: 'an api that is taken apart',
        script: `for (const part of Object.keys(api)) api[part] = null; for (const part of Object.keys(event)) delete event[part];`,
        expected: 'allow',
      },
    ],
    { limits },
  ),
]
