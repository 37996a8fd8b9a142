import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test, vi } from 'vitest'

const file = new URL('70-remember-last-login.js', import.meta.url)
type Update = (id: string, data: object, callback: (error: Error) => void) => void
const user = () => fakeUser({ app_metadata: { last_login: { count: 4 } } })

test('saves the count, and shows it at once', async () => {
  const outcome = await loadRule(file)(user(), fakeContext())
  const { last_login } = outcome.user.app_metadata ?? {}
  expect(last_login).toMatchObject({ count: 5, protocol: 'oidc-basic-profile' })
  expect(outcome).toUpdateAppMetadata({ last_login })
})

test('keeps nobody out where the store fails', async () => {
  const updateAppMetadata = vi.fn<Update>((_, __, callback) => callback(new Error('the store is away')))
  const outcome = await loadRule(file, { auth0: { users: { updateAppMetadata } } })(user(), fakeContext())
  expect(outcome).toAllow()
  expect(outcome).toHaveLogged('the login was not counted: the store is away', 'error')
  expect(updateAppMetadata).toHaveBeenCalledOnce()
})
