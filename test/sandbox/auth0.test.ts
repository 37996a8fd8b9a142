import { describe, expect, test } from 'vitest'
import type { Metadata, User } from '../../src/profile/user/user.ts'
import { rule, useEngine } from '../engine/use-engine.ts'

const calls: [what: string, id: string, data: Metadata][] = []
const update = (what: string) => async (id: string, data: Metadata) => {
  calls.push([what, id, data])
  if (id === 'nobody') throw new Error('there is no such user')
  return { user_id: id, [what]: data } as User
}
let tokens = 0
const { engine, run } = useEngine({
  users: {
    updateUserMetadata: update('user_metadata'),
    updateAppMetadata: update('app_metadata'),
    domain: 'tenant.example.com',
    accessToken: async () => `token-${++tokens}`,
  },
  limits: { maxPendingCalls: 4, maxOutputBytes: 20_000 },
})
const pass = 'callback(null, user, context);'

describe('auth0.users', () => {
  test.each([
    ['updateUserMetadata', 'user_metadata'],
    ['updateAppMetadata', 'app_metadata'],
  ])('%s answers a promise, or calls back', async (method, what) => {
    calls.length = 0
    const promised = `auth0.users.${method}(user.user_id, { a: [1], gone: null }).then((u) => { user.u = u; ${pass} })`
    const called = `auth0.users.${method}(user.user_id, { a: [1], gone: null }, (error, u) => { user.error = error; user.u = u; ${pass} })`
    for (const body of [promised, called]) {
      const { user } = await run(rule(body))
      expect(user['u']).toEqual({ user_id: 'auth0|1', [what]: { a: [1], gone: null } })
    }
    expect(calls).toEqual([1, 2].map(() => [what, 'auth0|1', { a: [1], gone: null }]))
  })

  test('a failure of the embedder reaches the rule, its message and nothing else', async () => {
    const look = `(e) => { user.e = [e instanceof Error, e.message, e.stack.includes('/')]; ${pass} }`
    const promised = await run(rule(`auth0.users.updateUserMetadata('nobody', {}).catch(${look})`))
    const called = await run(rule(`auth0.users.updateUserMetadata('nobody', {}, ${look})`))
    for (const { user } of [promised, called]) expect(user['e']).toEqual([true, 'there is no such user', false])
  })

  test.each([
    ['no id', `undefined, {}`],
    ['an id that is no text', `{ toString() { return 'x' } }, {}`],
    ['no data', `'auth0|1'`],
    ['data that is text', `'auth0|1', 'x'`],
  ])('%s is the mistake of the rule, and nothing is called', async (_what, args) => {
    calls.length = 0
    const { error } = await run(rule(`auth0.users.updateUserMetadata(${args}); ${pass}`))
    expect(error?.code).toBe('RULE_THREW')
    expect(calls).toEqual([])
  })

  test('what a rule sends is limited in size and in number, before it leaves the isolate', async () => {
    calls.length = 0
    const codes = (count: number, size: number): string => `
      const one = async () => { try { await auth0.users.updateUserMetadata('x', { text: 'x'.repeat(${size}) }); return 'ok' } catch (e) { return e.code } };
      Promise.all(Array.from({ length: ${count} }, one)).then((codes) => { user.codes = codes; ${pass} })`
    expect((await run(rule(codes(1, 30_000)))).user['codes']).toEqual(['LIMIT_EXCEEDED'])
    expect(calls).toEqual([])
    const [a, b, c, d, ...others] = (await run(rule(codes(50, 10)))).user['codes'] as string[]
    expect([a, b, c, d, new Set(others)]).toEqual(['ok', 'ok', 'ok', 'ok', new Set(['LIMIT_EXCEEDED'])])
    expect(calls).toHaveLength(4)
  })

  test('an answer that comes after the login has ended is not heard', async () => {
    const body = `auth0.users.updateUserMetadata('late', {}).then(() => { global.heard = true }); ${pass}`
    await run(rule(body))
    const script = rule(`setTimeout(() => { user.heard = typeof global.heard; ${pass} }, 50)`)
    expect((await run(script)).user['heard']).toBe('undefined')
  })
})

test('auth0 shows the tenant, and the token only to rules that may read it', async () => {
  tokens = 0
  const facts = await run(rule(`user.facts = [auth0.domain, auth0.baseUrl]; ${pass}`))
  expect(facts.user['facts']).toEqual(['tenant.example.com', 'https://tenant.example.com/api/v2'])
  expect(tokens).toBe(0)
  const script = rule(`user.token = Object.isFrozen(auth0) && auth0.accessToken; ${pass}`)
  expect((await run(script)).user['token']).toBe('token-1')
  expect((await engine.run({ user: {} })).user['token']).toBe('token-2')
})

test.each([
  [
    'is asked for where a rule hands auth0 to somebody else',
    `(({ ['access' + 'Token']: token }) => { user.token = token; })(auth0);`,
    1,
  ],
  [
    'is not asked for where auth0 is part of an address',
    `user.address = 'https://tenant.auth0.com/' + typeof auth0.users;`,
    0,
  ],
])('the token %s', async (_what, body, times) => {
  tokens = 0
  const { user } = await run(rule(`${body} ${pass}`))
  expect([tokens, user['token']]).toEqual([times, times === 0 ? undefined : 'token-1'])
})
