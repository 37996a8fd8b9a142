import { expect, test } from 'vitest'
import { useRule, useService } from '../test/rules-examples/run-rule.ts'

const service = await useService((request, response) => {
  if (request.url === '/auth0%7Cbroken') response.writeHead(500).end()
  else if (request.url !== '/auth0%7Csilent') response.end(JSON.stringify({ plan: 'gold' }))
})
const run = useRule('50-account-state-cache.js', { configuration: { ACCOUNT_SERVICE_URL: service } })
const runWithoutCache = useRule('50-account-state-cache.js', {
  configuration: { ACCOUNT_SERVICE_URL: service, ACCOUNT_CACHE_SECONDS: '0' },
})
const runWithoutService = useRule('50-account-state-cache.js')

test('asks the service once, and remembers the answer for the next login', async () => {
  const first = await run({ user_id: 'auth0|cached' })
  const second = await run({ user_id: 'auth0|cached' })
  expect([first.user['plan'], second.user['plan']]).toEqual(['gold', 'gold'])
  expect([first.rules[0]?.requests.length, second.rules[0]?.requests.length]).toEqual([1, 0])
})

test('asks again when the answer has grown too old', async () => {
  const first = await runWithoutCache({ user_id: 'auth0|cached' })
  const second = await runWithoutCache({ user_id: 'auth0|cached' })
  expect([first.rules[0]?.requests.length, second.rules[0]?.requests.length]).toEqual([1, 1])
})

test("keeps one user's plan from another", async () => {
  await run({ user_id: 'auth0|cached' })
  const { rules } = await run({ user_id: 'auth0|other' })
  expect(rules[0]?.requests).toMatchObject([{ url: `${service}auth0%7Cother` }])
})

test.each(['auth0|broken', 'auth0|silent'])(
  'falls back to app_metadata where there is no answer for %s',
  async (id) => {
    const { outcome, user } = await run({ user_id: id, app_metadata: { plan: 'silver' } })
    expect([outcome, user['plan']]).toEqual(['allow', 'silver'])
  },
)

test('takes the free plan where nobody knows better', async () => {
  const { user } = await runWithoutService({ app_metadata: undefined as never })
  expect(user['plan']).toBe('free')
})
