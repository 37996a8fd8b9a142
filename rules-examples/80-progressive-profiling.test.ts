import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const file = new URL('80-progressive-profiling.js', import.meta.url)
const rule = loadRule(file, { configuration: { PROFILE_FORM_URL: 'https://form.example/' } })
const login = (loginsCount: number) => fakeContext({ stats: { loginsCount } })

test('sends the fifth login to the form', async () => {
  expect(await rule(fakeUser({ user_id: 'auth0|1' }), login(5))).toRedirectTo('https://form.example/?user=auth0%7C1')
})

test('leaves other logins, and people who have answered, alone', async () => {
  expect(await rule(fakeUser(), login(4))).toAllow()
  expect(await rule(fakeUser({ user_metadata: { company: 'Analytical Engines' } }), login(5))).toAllow()
  expect(await loadRule(file)(fakeUser(), login(5))).toAllow()
})

test.each(['oauth2-password', 'oauth2-refresh-token', 'redirect-callback'] as const)(
  'never redirects a %s login',
  async (protocol) => {
    const context = fakeContext({ stats: { loginsCount: 5 } }, { protocol })
    expect(await rule(fakeUser(), context)).toAllow()
  },
)
