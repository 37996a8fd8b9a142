import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const configuration = { DOMAIN_ROLES: 'example.com:employee,example.org:partner' }
const run = useRule('20-roles-from-email-domain.js', { configuration })

test('adds the role of the domain to those in app_metadata', async () => {
  const { user } = await run({ app_metadata: { roles: ['admin'] } })
  expect(user['roles']).toEqual(['admin', 'employee'])
})

test('names a role once', async () => {
  const { user } = await run({ app_metadata: { roles: ['employee'] } })
  expect(user['roles']).toEqual(['employee'])
})

test('trusts no address that is not verified', async () => {
  const { user } = await run({ email_verified: false })
  expect(user['roles']).toEqual([])
})

test('gives no role for other domains', async () => {
  const { user } = await run({ email: 'bob@elsewhere.example' })
  expect(user['roles']).toEqual([])
})
