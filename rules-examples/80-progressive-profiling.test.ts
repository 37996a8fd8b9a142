import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const run = useRule('80-progressive-profiling.js', { configuration: { PROFILE_FORM_URL: 'https://form.example/' } })
const runWithoutForm = useRule('80-progressive-profiling.js')
const fifth = { stats: { loginsCount: 5 } }

test('sends the fifth login to the form', async () => {
  const { outcome, redirect } = await run({}, fifth)
  expect([outcome, redirect?.url]).toEqual(['redirect', 'https://form.example/?user=auth0%7C1'])
})

test('leaves other logins, and people who have answered, alone', async () => {
  expect(await run({}, { stats: { loginsCount: 4 } })).toMatchObject({ outcome: 'allow' })
  expect(await run({ user_metadata: { company: 'Analytical Engines' } }, fifth)).toMatchObject({ outcome: 'allow' })
  expect(await runWithoutForm({}, fifth)).toMatchObject({ outcome: 'allow' })
})

test.each(['oauth2-password', 'oauth2-refresh-token', 'redirect-callback'])(
  'never redirects a %s login',
  async (protocol) => {
    expect(await run({}, { ...fifth, protocol })).toMatchObject({ outcome: 'allow' })
  },
)
