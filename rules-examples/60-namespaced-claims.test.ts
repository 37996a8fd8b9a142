import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const run = useRule('60-namespaced-claims.js', { configuration: { NAMESPACE: 'https://ns.example/' } })
const runWithoutNamespace = useRule('60-namespaced-claims.js')

test('puts the roles on both tokens, and the plan on the access token', async () => {
  const { claims } = await run({ roles: ['admin'], plan: 'gold' })
  expect(claims).toEqual({
    idToken: { 'https://ns.example/roles': ['admin'] },
    accessToken: { 'https://ns.example/roles': ['admin'], 'https://ns.example/plan': 'gold' },
  })
})

test('makes no claim where no namespace is configured', async () => {
  const { outcome, claims } = await runWithoutNamespace({ roles: ['admin'] })
  expect([outcome, claims]).toEqual(['allow', { idToken: {}, accessToken: {} }])
})

test('says that there are no roles rather than nothing', async () => {
  const { claims } = await run()
  expect(claims.idToken).toEqual({ 'https://ns.example/roles': [] })
})
