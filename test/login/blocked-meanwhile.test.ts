import { expect, test } from 'vitest'
import type { User } from '../../src/profile/user/user.ts'
import { useLogin, valueOf } from './fixture.ts'

let meanwhile: (id: string) => Promise<User | undefined> = async () => undefined
const server = useLogin(
  `function (user, context, callback) {
    auth0.users.updateAppMetadata(user.user_id, {}).then(function () { callback(null, user, context); }, callback);
  }`,
  {},
  { updateAppMetadata: async (id) => (await meanwhile(id)) ?? {} },
)
const block = (id: string) => server.store.users.update(id, { blocked: true })
const unblock = (id: string) => server.store.users.update(id, { blocked: false })

test('a user who is blocked while the rules run gets no tokens', async () => {
  meanwhile = block
  expect(await server.password()).toMatchObject({ ok: false, code: 'invalid_grant' })
})

test('a refresh during which the user is blocked and unblocked does not revive what ended', async () => {
  meanwhile = async () => undefined
  const tokens = valueOf(await server.password({ scope: 'openid offline_access' }))
  meanwhile = async (id) => {
    await block(id)
    return await unblock(id)
  }
  expect(await server.refresh(tokens.refresh_token)).toMatchObject({ ok: false, code: 'invalid_grant' })
  expect(await server.login.userinfo(tokens.access_token)).toMatchObject({ code: 'invalid_token' })
})
