import { fileURLToPath } from 'node:url'
import { fakeContext, fakeUser, loadPipeline } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const pipeline = loadPipeline(fileURLToPath(new URL('.', import.meta.url)))

test('an employee gets in, with a role, the free plan and a picture', async () => {
  const outcome = await pipeline(fakeUser({ email: 'ada@example.com', picture: undefined }), fakeContext())
  expect(outcome).toAllow()
  expect(outcome).toSetIdTokenClaim('https://claimsmith.example/roles', ['employee'])
  expect(outcome.user.picture).toBe('https://claimsmith.example/pictures/nobody.png')
  expect(outcome).toTakeLessThan(100)
})

test('nobody else does, and no rule after the refusal runs', async () => {
  const outcome = await pipeline(fakeUser({ email: 'mallory@evil.example' }), fakeContext())
  expect(outcome).toDenyWith(/^Access is limited/)
  expect(outcome.rules).toHaveLength(1)
})
