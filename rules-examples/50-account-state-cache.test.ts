import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { beforeEach, expect, test } from 'vitest'

const file = new URL('50-account-state-cache.js', import.meta.url)
const service = 'https://accounts.example/'
const answer = ({ url }: Request): Response | Promise<Response> => {
  if (url.endsWith('broken')) return new Response(null, { status: 500 })
  return url.endsWith('silent') ? new Promise(() => undefined) : Response.json({ plan: 'gold' })
}

let nowMs: number
let rule: ReturnType<typeof loadRule>
beforeEach(() => {
  nowMs = Date.parse('2026-03-01T09:00:00Z')
  rule = loadRule(file, { configuration: { ACCOUNT_SERVICE_URL: service }, fetch: answer, clock: () => nowMs })
})
const login = (user_id: string, app_metadata = {}) => rule(fakeUser({ user_id, app_metadata }), fakeContext())

test('asks the service once, and remembers the answer for the next login', async () => {
  const first = await login('auth0|ada')
  const second = await login('auth0|ada')
  expect([first.user['plan'], second.user['plan']]).toEqual(['gold', 'gold'])
  expect(first).toHaveRequested(service)
  expect(second).not.toHaveRequested(service)
})

test('asks again when the answer has grown too old', async () => {
  await login('auth0|ada')
  nowMs += 3_600_000
  expect(await login('auth0|ada')).toHaveRequested(service)
})

test("keeps one user's plan from another", async () => {
  await login('auth0|ada')
  expect(await login('auth0|grace')).toHaveRequested(`${service}auth0%7Cgrace`)
})

test.each(['auth0|broken', 'auth0|silent'])(
  'falls back to app_metadata where there is no answer for %s',
  async (user_id) => {
    const outcome = await login(user_id, { plan: 'silver' })
    expect(outcome).toAllow()
    expect(outcome.user['plan']).toBe('silver')
  },
)

test('takes the free plan where nobody knows better', async () => {
  const { user } = await loadRule(file)(fakeUser({ app_metadata: undefined }))
  expect(user['plan']).toBe('free')
})
