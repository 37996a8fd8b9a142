import { fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const file = new URL('10-deny-by-allow-list.js', import.meta.url)
const rule = loadRule(file, { configuration: { ALLOWED_DOMAINS: 'example.com,example.org' } })

test.each(['ada@example.com', 'ada@EXAMPLE.ORG'])('lets %s in', async (email) => {
  expect(await rule(fakeUser({ email }))).toAllow()
})

test.each(['mallory@evil.example', 'mallory@example.com.evil.example', ''])(
  'refuses "%s", and says why',
  async (email) => {
    expect(await rule(fakeUser({ email }))).toDenyWith('Access is limited to example.com and example.org.')
  },
)

test('refuses an address of ours that nobody has confirmed', async () => {
  const user = fakeUser({ email: 'ada@example.com', email_verified: false })
  expect(await rule(user)).toDenyWith('Please confirm your e-mail address first.')
})

test('refuses nobody where no list is configured', async () => {
  const withoutList = loadRule(file)
  expect(await withoutList(fakeUser({ email: 'mallory@evil.example', email_verified: false }))).toAllow()
})
