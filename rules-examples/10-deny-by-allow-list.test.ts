import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const run = useRule('10-deny-by-allow-list.js', { configuration: { ALLOWED_DOMAINS: 'example.com,example.org' } })
const runWithoutList = useRule('10-deny-by-allow-list.js')

test.each(['ada@example.com', 'ada@EXAMPLE.ORG'])('lets %s in', async (email) => {
  expect(await run({ email })).toMatchObject({ outcome: 'allow' })
})

test.each(['mallory@evil.example', 'mallory@example.com.evil.example', ''])(
  'refuses "%s", and says why',
  async (email) => {
    const reason = 'Access is limited to example.com and example.org.'
    expect(await run({ email })).toMatchObject({ outcome: 'deny', reason })
  },
)

test('refuses an address of ours that nobody has confirmed', async () => {
  const reason = 'Please confirm your e-mail address first.'
  expect(await run({ email_verified: false })).toMatchObject({ outcome: 'deny', reason })
})

test('refuses nobody where no list is configured', async () => {
  expect(await runWithoutList({ email: 'mallory@evil.example', email_verified: false })).toMatchObject({
    outcome: 'allow',
  })
})
