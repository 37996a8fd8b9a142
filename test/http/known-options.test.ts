import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { createAuthServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'
import { workerPids } from '../sandbox/worker-pids.ts'
import { issuer } from './server.ts'

let store: Store
beforeAll(async () => {
  store = await openStore('memory:')
})
afterAll(() => store.close())

const engine = createEngine({ rules: [], limits: { workers: 1 } })
afterAll(() => engine.close())

test.each<[options: object, sentence: string]>([
  [{ rules: [] }, 'rules is an option of engine: createAuthServer({ issuer, store, engine: { rules } })'],
  [{ overlay: {} }, 'overlay is an option of login:'],
  [{ failedLogins: false }, 'failedLogins is an option of rateLimits:'],
  [{ trustproxy: true }, 'createAuthServer: there is no option trustproxy; did you mean trustProxy?'],
  [{ engine }, 'engine is an engine; its options belong there, { rules, limits }'],
  [{ engine: { rule: [] } }, 'createAuthServer: engine: there is no option rule; did you mean rules?'],
  [{ engine: { users: {} } }, 'createAuthServer: engine: there is no option users;'],
  [{ login: { scopings: 'oidc' } }, 'createAuthServer: login: there is no option scopings; did you mean scoping?'],
  [{ login: { onLogin: { emit() {} } } }, 'onLogin is an object; a function belongs there: (login) => { … }'],
  [{ rateLimits: { login: false } }, 'createAuthServer: rateLimits: there is no option login; did you mean logins?'],
  [
    { store: 'memory:' },
    "store is a string; what openStore resolves to belongs there: store: await openStore('memory:')",
  ],
  [{ store: undefined }, 'store is undefined; what openStore resolves to belongs there'],
  [{ store: Promise.resolve() }, 'store is a promise; what it resolves to belongs there'],
])('a server refuses the options %o: %s', async (options, sentence) => {
  await expect(createAuthServer({ issuer, store, ...options })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(sentence),
  })
})

test.runIf(process.platform === 'linux').each([
  [{ hooks: { okta: undefined } as never }, /The secret of the hook for okta/],
  [{ rateLimits: { logins: { limit: 0, seconds: 1 } } }, /A rate limit needs/],
])('a server that is refused for %o leaves no engine behind', async (options, sentence) => {
  const before = workerPids()
  await expect(createAuthServer({ issuer, store, ...options })).rejects.toThrow(sentence)
  await expect.poll(() => workerPids().filter((pid) => !before.includes(pid))).toEqual([])
})

test('a server without options says which there are', async () => {
  await expect(createAuthServer(undefined as never)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(
      'createAuthServer: undefined was given; an object belongs there, with any of issuer, ',
    ),
  })
})
