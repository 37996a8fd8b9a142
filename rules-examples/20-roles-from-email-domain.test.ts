import { fakeUser, loadRule } from 'claimsmith/testing'
import { expect, test } from 'vitest'

const rule = loadRule(new URL('20-roles-from-email-domain.js', import.meta.url), {
  configuration: { DOMAIN_ROLES: 'example.com:employee,example.org:partner' },
})
const ada = { email: 'ada@example.com' }

test('adds the role of the domain to those in app_metadata', async () => {
  const { user } = await rule(fakeUser({ ...ada, app_metadata: { roles: ['admin'] } }))
  expect(user['roles']).toEqual(['admin', 'employee'])
})

test('names a role once', async () => {
  const { user } = await rule(fakeUser({ ...ada, app_metadata: { roles: ['employee'] } }))
  expect(user['roles']).toEqual(['employee'])
})

test('trusts no address that is not verified', async () => {
  const { user } = await rule(fakeUser({ ...ada, email_verified: false }))
  expect(user['roles']).toEqual([])
})

test('gives no role for other domains', async () => {
  const { user } = await rule(fakeUser({ email: 'bob@elsewhere.example' }))
  expect(user['roles']).toEqual([])
})
