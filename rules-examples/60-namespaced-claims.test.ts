import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const file = new URL('60-namespaced-claims.js', import.meta.url)
const rule = loadRule(file, { configuration: { NAMESPACE: 'https://ns.example/' } })

test('puts the roles on both tokens, and the plan on the access token', async () => {
  const outcome = await rule(fakeUser({ roles: ['admin'], plan: 'gold' }), fakeContext())
  expect(outcome).toSetIdTokenClaim('https://ns.example/roles', ['admin'])
  expect(outcome).toSetAccessTokenClaim('https://ns.example/roles', ['admin'])
  expect(outcome).toSetAccessTokenClaim('https://ns.example/plan', 'gold')
  expect(outcome).not.toSetIdTokenClaim('https://ns.example/plan')
})

test('makes no claim where no namespace is configured', async () => {
  const outcome = await loadRule(file)(fakeUser({ roles: ['admin'] }), fakeContext())
  expect(outcome).toAllow()
  expect(outcome.claims.idToken).toEqual({})
})

test('says that there are no roles rather than nothing', async () => {
  expect(await rule(fakeUser(), fakeContext())).toSetIdTokenClaim('https://ns.example/roles', [])
})
