import { describe, expect, test } from 'vitest'
import { attack } from './attack.ts'

const minute = 120_000
const loop = `for (;;);`
const cpu = ['RULE_CPU']
const options = { dialect: 'action' as const }

describe('five times over, while another login goes through', () => {
  test.each([
    ['an endless loop', loop, cpu],
    ['an endless loop after an await', `await new Promise((r) => setTimeout(r, 1)); ${loop}`, cpu],
    ['an endless chain of awaits', `for (;;) await null;`, cpu],
    ['a promise that never settles', `await new Promise(() => {});`, ['RULE_NO_CALLBACK']],
    ['a thenable that loops', `return { then() { ${loop} } };`, cpu],
    [
      'a handler that is a looping getter',
      `Object.defineProperty(module, 'exports', { get() { ${loop} } });`,
      ['allow', ...cpu],
    ],
    ['a rejection whose message never ends', `throw { get message() { ${loop} } };`, cpu],
    ['a claim with a looping toJSON', `api.idToken.setCustomClaim('a', { toJSON() { ${loop} } });`, cpu],
    ['a claim behind a proxy', `api.idToken.setCustomClaim('a', new Proxy({}, { ownKeys() { ${loop} } }));`, cpu],
    ['a reason that loops', `api.access.deny({ get message() { ${loop} } });`, cpu],
    [
      'factors without end',
      `api.authentication.challengeWithAny(Object.assign([], { length: 4294967295 }));`,
      ['RULE_CPU', 'RULE_MEMORY', 'RULE_THREW'],
    ],
    [
      'a flood of claims',
      `for (let i = 0; ; i++) api.idToken.setCustomClaim('c' + i, i);`,
      ['RULE_CPU', 'RULE_MEMORY'],
    ],
    ['a flood of warnings', `for (let i = 0; i < 1e5; i++) api.prompt.render('x');`, ['allow', ...cpu]],
    ['a flood of tokens', `for (;;) api.redirect.encodeToken({ secret: 'x', payload: { a: 'x'.repeat(1e5) } });`, cpu],
    ['a flood of cache records', `for (let i = 0; ; i++) api.cache.set('k' + i, 'x'.repeat(7000));`, cpu],
    [
      'a claim of great size',
      `api.idToken.setCustomClaim('a', 'x'.repeat(2e7));`,
      ['RULE_OUTPUT', 'RULE_CPU', 'RULE_MEMORY'],
    ],
    ['a key that would be a prototype', `api.user.setUserMetadata('__proto__', { a: 1 });`, ['RULE_THREW']],
    [
      'an api that is taken apart',
      `for (const part of Object.keys(api)) api[part] = null; for (const part of Object.keys(event)) delete event[part];`,
      ['allow'],
    ],
  ])(
    '%s ends as a typed outcome',
    async (_what, script, codes) => {
      const { hostile, clean, rssMb } = await attack(script, 3, options)
      expect(hostile.filter((code) => !codes.includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
      expect(rssMb).toBeLessThan(250)
    },
    minute,
  )
})

describe('in a fresh realm, where builtins can be replaced', () => {
  test.each([
    ['what JSON does', `JSON.parse = JSON.stringify = () => { ${loop} }; api.idToken.setCustomClaim('a', { b: 1 });`],
    [
      'what every object has',
      `for (const key of ['user', 'value', 'get', 'set', 'type', 'url', 'then', 'query']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); api.idToken.setCustomClaim('a', { b: 1 });`,
    ],
    [
      'the class of promises',
      `Promise.prototype.then = () => { ${loop} }; Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } });`,
    ],
    [
      'dates and texts',
      `Date = null; String.prototype.split = () => { ${loop} }; api.redirect.encodeToken({ secret: 'x' });`,
    ],
  ])(
    '%s',
    async (_what, script) => {
      const { hostile, clean } = await attack(script, 3, { ...options, realm: 'fresh' })
      const codes = ['allow', 'RULE_CPU', 'RULE_THREW', 'RULE_OUTPUT', 'RULE_NO_CALLBACK']
      expect(hostile.filter((code) => !codes.includes(code))).toEqual([])
      expect(clean).toEqual(['allow'])
    },
    minute,
  )
})
