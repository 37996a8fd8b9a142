import { expect, test } from 'vitest'
import { createSampleLogins } from '../../src/cli/flags/create-sample-logins.ts'
import { labelLogins } from '../../src/cli/print/label-logins.ts'
import type { LoginContext } from '../../src/profile/context/context.ts'

const context = { protocol: 'oidc-basic-profile', clientID: 'app' }
const label = (...logins: Parameters<typeof labelLogins>[0]): string[] =>
  labelLogins(logins).map(({ who, details }) => `${who} ${details}`)

test('no two built-in logins have the same label', () => {
  const labels = label(...createSampleLogins())
  expect(new Set(labels).size).toBe(labels.length)
})

test('logins with the same user, protocol and client are told apart by as few values as it takes', () => {
  const user = { email: 'ada@example.com', nickname: 'ada', app_metadata: { plan: 'free' } }
  const gold = { ...user, app_metadata: { plan: 'gold' } }
  const verified = { ...gold, email_verified: true }
  const start = 'ada@example.com oidc-basic-profile app'
  expect(label({ user, context }, { user: gold, context }, { user: { email: 'bob@example.com' }, context })).toEqual([
    `${start} user.app_metadata.plan=free`,
    `${start} user.app_metadata.plan=gold`,
    'bob@example.com oidc-basic-profile app',
  ])
  expect(label({ user, context }, { user: gold, context }, { user: verified, context })).toEqual([
    `${start} user.app_metadata.plan=free user.email_verified=none`,
    `${start} user.app_metadata.plan=gold user.email_verified=none`,
    `${start} user.app_metadata.plan=gold user.email_verified=true`,
  ])
})

test('a time tells logins apart only if nothing else does', () => {
  const user = { email: 'ada@example.com' }
  const at = (timestamp: number, ip: string): LoginContext => ({
    ...context,
    authentication: { methods: [{ name: 'pwd', timestamp }] },
    request: { ip },
  })
  expect(label({ user, context: at(1, '203.0.113.1') }, { user, context: at(2, '203.0.113.2') })).toEqual([
    'ada@example.com oidc-basic-profile app context.request.ip=203.0.113.1',
    'ada@example.com oidc-basic-profile app context.request.ip=203.0.113.2',
  ])
})
