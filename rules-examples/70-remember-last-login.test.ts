import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const saved: unknown[] = []
const run = useRule('70-remember-last-login.js', {
  users: {
    async updateAppMetadata(userId, metadata) {
      if (userId === 'auth0|broken') throw new Error('the store is away')
      saved.push([userId, metadata])
    },
  },
})

test('saves the count, and shows it at once', async () => {
  const { user } = await run({ app_metadata: { last_login: { count: 4 } } })
  expect(user.app_metadata).toMatchObject({ last_login: { count: 5, protocol: 'oidc-basic-profile' } })
  expect(saved).toEqual([['auth0|1', { last_login: user.app_metadata?.['last_login'] }]])
})

test('keeps nobody out where the store fails', async () => {
  const { outcome, user, rules } = await run({ user_id: 'auth0|broken' })
  expect(outcome).toBe('allow')
  expect(user.app_metadata).not.toHaveProperty('last_login')
  expect(rules[0]?.logs).toEqual([{ level: 'error', message: 'the login was not counted: the store is away' }])
})
