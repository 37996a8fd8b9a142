import { fakeUser, loadRule } from 'claimsmith/testing'
import { expect, test } from 'vitest'

const ours = 'https://claimsmith.example/nobody.png'
const rule = loadRule(new URL('30-default-picture.js', import.meta.url), {
  configuration: { DEFAULT_PICTURE_URL: ours },
})

test('prefers the picture that the user chose', async () => {
  const user = fakeUser({ picture: 'provider.png', user_metadata: { picture: 'chosen.png' } })
  await rule(user)
  expect(user.picture).toBe('chosen.png')
})

test("takes the provider's where none was chosen", async () => {
  const user = fakeUser({ picture: 'provider.png' })
  await rule(user)
  expect(user.picture).toBe('provider.png')
})

test('takes ours where there is no other, also without any metadata', async () => {
  const user = fakeUser({ picture: undefined, user_metadata: undefined })
  await rule(user)
  expect(user.picture).toBe(ours)
})
