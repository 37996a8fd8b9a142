import { expect, test } from 'vitest'
import { explain } from '../../src/recording/replay/explain.ts'
import { action, rule, useEngine } from '../engine/use-engine.ts'

const { run } = useEngine({ network: { fetch: () => Response.json({ tier: 'gold-tier' }) } })
const pass = 'callback(null, user, context);'

const grace = {
  user_id: 'auth0|grace',
  email: 'grace@example.com',
  given_name: 'Grace',
  roles: ['admin', 'author'],
  app_metadata: { roles: ['admin', 'author'], plan: 'pro' },
  user_metadata: { theme: 'dark' },
  identities: [{ connection: 'Username-Password-Authentication', provider: 'auth0', user_id: 'grace' }],
}

const byName = <Named extends { readonly name: string }>(list: readonly Named[], name: string): Named | undefined =>
  list.find((one) => one.name === name)

test('each attribute tells where it came from and which rules changed it, in order', async () => {
  const outcome = await run(
    [
      rule(`user.given_name = user.given_name.toUpperCase(); user.app_metadata.plan = 'free'; ${pass}`),
      rule(`user.given_name = 'Dr. ' + user.given_name; delete user.user_metadata.theme; user.tags = ['x']; ${pass}`),
    ],
    { user: grace },
  )
  const { profile } = explain(outcome, grace)
  expect(byName(profile, 'given_name')).toEqual({
    name: 'given_name',
    value: 'Dr. GRACE',
    origin: { source: 'store', field: 'given_name', value: 'Grace' },
    history: [
      { rule: 'rule-1', did: 'changed', before: 'Grace', after: 'GRACE', from: [], requests: [] },
      { rule: 'rule-2', did: 'changed', before: 'GRACE', after: 'Dr. GRACE', from: [], requests: [] },
    ],
  })
  expect(byName(profile, 'app_metadata.plan')?.history).toMatchObject([
    { rule: 'rule-1', before: 'pro', after: 'free' },
  ])
  expect(byName(profile, 'user_metadata.theme')).toEqual({
    name: 'user_metadata.theme',
    origin: { source: 'store', field: 'user_metadata.theme', value: 'dark' },
    history: [{ rule: 'rule-2', did: 'removed', before: 'dark', from: [], requests: [] }],
  })
  expect(byName(profile, 'tags')).toEqual({
    name: 'tags',
    value: ['x'],
    history: [{ rule: 'rule-2', did: 'set', after: ['x'], from: [], requests: [] }],
  })
  expect(byName(profile, 'roles')?.origin).toMatchObject({ source: 'store', field: 'app_metadata.roles' })
  expect(byName(profile, 'email')?.history).toEqual([])
})

test('a claim tells from which places of the login it may be made, and what its rule asked outside', async () => {
  const outcome = await run(
    [
      rule(`context.idToken['https://x.example/roles'] = user.app_metadata.roles;
        context.idToken.greeting = 'hello ' + user.given_name; context.accessToken.scope = ['openid']; ${pass}`),
      rule(
        `fetch('https://crm.example/grace').then((answer) => answer.json()).then(({ tier }) => { context.accessToken.tier = tier; ${pass} })`,
      ),
      action(`api.idToken.setCustomClaim('greeting', 'hi'); api.idToken.setCustomClaim('flag', true)`),
    ],
    { user: grace },
  )
  const { idToken, accessToken } = explain(outcome, grace)
  expect(byName(idToken, 'https://x.example/roles')?.history).toMatchObject([
    { rule: 'rule-1', did: 'set', from: ['user.roles', 'user.app_metadata.roles'] },
  ])
  expect(byName(idToken, 'greeting')).toMatchObject({
    value: 'hi',
    history: [
      { rule: 'rule-1', did: 'set', after: 'hello Grace', from: ['user.given_name'] },
      { rule: 'rule-3', did: 'changed', before: 'hello Grace', after: 'hi', from: [] },
    ],
  })
  expect(byName(idToken, 'flag')?.history).toMatchObject([{ rule: 'rule-3', from: [] }])
  expect(accessToken).toMatchObject([
    { name: 'tier', value: 'gold-tier', history: [{ rule: 'rule-2', requests: ['GET https://crm.example/grace'] }] },
  ])
})

test('what an identity provider says comes from its connection; the rest from the store', async () => {
  const lin = {
    user_id: 'facebook|7',
    email: 'lin@example.com',
    locale: 'en',
    logins_count: 3,
    user_metadata: { color: 'red' },
    identities: [{ connection: 'facebook', provider: 'facebook', user_id: '7', isSocial: true }],
  }
  const { profile } = explain(await run(rule(pass), { user: lin }), lin)
  const origins = profile.map(({ name, origin }) => [name, origin?.source, origin?.connection])
  expect(origins).toEqual([
    ['user_id', 'store', undefined],
    ['email', 'connection', 'facebook'],
    ['locale', 'connection', 'facebook'],
    ['logins_count', 'store', undefined],
    ['user_metadata.color', 'store', undefined],
    ['identities', 'store', undefined],
  ])
})

test('a login that fails is explained up to the rule that failed; one that is refused, whole', async () => {
  const failing = await run([rule(`user.a = 'first'; ${pass}`), rule(`user.b.c = 1`)], { user: grace })
  expect(explain(failing, grace)).toMatchObject({ outcome: 'error', reason: failing.reason, rule: 'rule-2' })
  expect(byName(explain(failing, grace).profile, 'a')?.history).toHaveLength(1)
  const refused = await run(rule(`user.a = 'first'; callback(new UnauthorizedError('no'))`), { user: grace })
  expect(explain(refused, grace)).toMatchObject({ outcome: 'deny', reason: 'no', rule: 'rule-1' })
  expect(byName(explain(refused, grace).profile, 'a')?.value).toBe('first')
})

test.each([
  ['deny', `callback(new UnauthorizedError('no'))`],
  ['error', `user.b.c = 1`],
  ['redirect', `context.redirect = { url: 'https://example.com' }; ${pass}`],
  ['challenge', `context.multifactor = { provider: 'any' }; ${pass}`],
] as const)('the rule that ends a login with %s is named, not the others', async (kind, script) => {
  const outcome = await run([rule(pass), { name: 'decides', script: rule(script) }, rule(pass)], { user: grace })
  expect(explain(outcome, grace)).toMatchObject({ outcome: kind, rule: 'decides' })
})

test('an action that asks for a redirect is named; a login that all rules allow names none', async () => {
  const redirecting = action(`api.redirect.sendUserTo('https://example.com')`)
  const outcome = await run([rule(pass), { name: 'sends', script: redirecting }], { user: grace })
  expect(explain(outcome, grace)).toMatchObject({ outcome: 'redirect', rule: 'sends' })
  expect(explain(await run(rule(pass), { user: grace }), grace)).not.toHaveProperty('rule')
})

test('names like those of Object.prototype, or with slashes, are names', async () => {
  const outcome = await run(
    rule(`user.constructor = 'x-y-z'; user['a/b~c'] = { d: 1 }; context.idToken.__proto__ = null; ${pass}`),
    { user: { user_id: 'auth0|1' } },
  )
  const names = explain(outcome, { user_id: 'auth0|1' }).profile.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['user_id', 'constructor', 'a/b~c']))
})
