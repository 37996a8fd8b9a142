import { describe } from 'vitest'
import { type HostileCase, enoughCpu, muchCpu, testHostileCases } from './hostile-case.ts'

const loop = `for (;;);`

const looping: readonly HostileCase[] = [
  { what: 'an endless loop', script: loop, ends: 'RULE_CPU' },
  {
    what: 'an endless loop after an await',
    script: `await new Promise((r) => setTimeout(r, 1)); ${loop}`,
    ends: 'RULE_CPU',
  },
  { what: 'an endless chain of awaits', script: `for (;;) await null;`, ends: 'RULE_CPU' },
  { what: 'a promise that never settles', script: `await new Promise(() => {});`, ends: 'RULE_NO_CALLBACK' },
  { what: 'a thenable that loops', script: `return { then() { ${loop} } };`, ends: 'RULE_CPU' },
  {
    what: 'a handler that is a looping getter',
    script: `Object.defineProperty(module, 'exports', { get() { ${loop} } });`,
    ends: 'allow',
  },
  {
    what: 'a rejection whose message never ends',
    script: `throw { get message() { ${loop} } };`,
    ends: 'RULE_CPU',
  },
  {
    what: 'a claim with a looping toJSON',
    script: `api.idToken.setCustomClaim('a', { toJSON() { ${loop} } });`,
    ends: 'RULE_CPU',
  },
  {
    what: 'a claim behind a proxy',
    script: `api.idToken.setCustomClaim('a', new Proxy({}, { ownKeys() { ${loop} } }));`,
    ends: 'RULE_CPU',
  },
  { what: 'a reason that loops', script: `api.access.deny({ get message() { ${loop} } });`, ends: 'RULE_CPU' },
  {
    what: 'a flood of tokens',
    script: `for (;;) api.redirect.encodeToken({ secret: 'x', payload: { a: 'x'.repeat(1e5) } });`,
    ends: 'RULE_CPU',
  },
  {
    what: 'a flood of cache records',
    script: `for (let i = 0; ; i++) api.cache.set('k' + i, 'x'.repeat(7000));`,
    ends: 'RULE_CPU',
  },
]

const floods: readonly HostileCase[] = [
  {
    what: 'factors without end',
    script: `api.authentication.challengeWithAny(Object.assign([], { length: 4294967295 }));`,
    ends: 'RULE_MEMORY',
    limits: muchCpu,
  },
  {
    what: 'a flood of claims',
    script: `for (let i = 0; ; i++) api.idToken.setCustomClaim('c' + i, i);`,
    ends: 'RULE_MEMORY',
  },
  { what: 'a flood of warnings', script: `for (let i = 0; i < 1e5; i++) api.prompt.render('x');`, ends: 'allow' },
  {
    what: 'a claim of great size',
    script: `api.idToken.setCustomClaim('a', 'x'.repeat(5e6));`,
    ends: 'RULE_OUTPUT',
  },
  {
    what: 'a key that would be a prototype',
    script: `api.user.setUserMetadata('__proto__', { a: 1 });`,
    ends: 'RULE_THREW',
  },
  {
    what: 'an api that is taken apart',
    script: `for (const part of Object.keys(api)) api[part] = null; for (const part of Object.keys(event)) delete event[part];`,
    ends: 'allow',
  },
]

const replaced: readonly HostileCase[] = [
  {
    what: 'what JSON does',
    script: `JSON.parse = JSON.stringify = () => { ${loop} }; api.idToken.setCustomClaim('a', { b: 1 });`,
    ends: 'allow',
  },
  {
    what: 'what every object has',
    script: `for (const key of ['user', 'value', 'get', 'set', 'type', 'url', 'then', 'query']) Object.defineProperty(Object.prototype, key, { get() { ${loop} }, set() { ${loop} } }); api.idToken.setCustomClaim('a', { b: 1 });`,
    ends: 'RULE_CPU',
  },
  {
    what: 'the class of promises',
    script: `Promise.prototype.then = () => { ${loop} }; Object.defineProperty(Promise, Symbol.species, { get() { ${loop} } });`,
    ends: 'RULE_CPU',
  },
  {
    what: 'dates and texts',
    script: `Date = null; String.prototype.split = () => { ${loop} }; api.redirect.encodeToken({ secret: 'x' });`,
    ends: 'allow',
  },
]

const action = { dialect: 'action' } as const

describe('an action that does not end', () => {
  testHostileCases(looping, action)
})
describe('an action that floods', () => {
  testHostileCases(floods, { ...action, limits: enoughCpu })
})
describe('builtins that are replaced in a fresh realm', () => {
  testHostileCases(replaced, { ...action, realm: 'fresh' })
})
