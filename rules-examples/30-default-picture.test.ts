import { expect, test } from 'vitest'
import { useRule } from '../test/rules-examples/run-rule.ts'

const ours = 'https://claimsmith.example/nobody.png'
const run = useRule('30-default-picture.js', { configuration: { DEFAULT_PICTURE_URL: ours } })

test('prefers the picture that the user chose', async () => {
  const { user } = await run({ picture: 'provider.png', user_metadata: { picture: 'chosen.png' } })
  expect(user.picture).toBe('chosen.png')
})

test("takes the provider's where none was chosen", async () => {
  const { user } = await run({ picture: 'provider.png' })
  expect(user.picture).toBe('provider.png')
})

test('takes ours where there is no other, also without any metadata', async () => {
  const { user } = await run({ user_metadata: undefined as never })
  expect(user.picture).toBe(ours)
})
