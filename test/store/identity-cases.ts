import { expect } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection } from './store-case.ts'

const social = { provider: 'facebook', user_id: '42' }
const socialId = 'facebook|42'
const database = { provider: 'auth0', user_id: 'second' }

async function createBoth(store: Store): Promise<void> {
  await store.users.create({ ...ada, password: 'first password', app_metadata: { plan: 'pro' } })
  await store.users.create({
    connection: 'facebook',
    ...social,
    isSocial: true,
    profileData: { link: 'https://facebook.example/42', email: 7 },
    name: 'Ada from Facebook',
    user_metadata: { color: 'blue' },
  })
}

export const identityCases: StoreCases = {
  'links a user: the identity moves with its profile, and nothing is merged': async ({ store, time }) => {
    await createBoth(store)
    time.nowMs += 1000
    const identities = await store.users.link(adaId, social)
    expect(identities?.map(({ provider }) => provider)).toEqual(['auth0', 'facebook'])
    expect(identities?.[1]?.profileData).toEqual({
      link: 'https://facebook.example/42',
      email: 7,
      name: 'Ada from Facebook',
    })
    const user = await store.users.get(adaId)
    expect(user).toMatchObject({ identities, app_metadata: { plan: 'pro' } })
    expect(user?.updated_at).toBe(new Date(time.nowMs).toISOString())
    expect(user).not.toHaveProperty('name')
    expect(user).not.toHaveProperty('user_metadata')
    expect(await store.users.get(socialId)).toBeUndefined()
  },

  'unlinks it again: a user of its own with what it kept, and no metadata': async ({ store }) => {
    await createBoth(store)
    await store.users.link(adaId, social)
    const left = await store.users.unlink(adaId, social)
    expect(left?.map(({ provider }) => provider)).toEqual(['auth0'])
    const user = await store.users.get(socialId)
    expect(user).toMatchObject({ user_id: socialId, name: 'Ada from Facebook', link: 'https://facebook.example/42' })
    expect(user).not.toHaveProperty('user_metadata')
    expect(user).not.toHaveProperty('email')
    expect(user?.identities).toMatchObject([social])
  },

  'logs a linked database identity in as the first user, and as itself when unlinked': async ({ store }) => {
    await store.users.create(ada)
    const login = { connection, identifier: 'second@example.com', password: 'second password' }
    await store.users.create({ connection, ...database, email: login.identifier, password: login.password })
    await store.users.link(adaId, database)
    expect(await store.users.authenticate(login)).toMatchObject({ user_id: adaId })
    expect(await store.users.findId(login)).toBe(adaId)
    await store.users.unlink(adaId, database)
    expect(await store.users.authenticate(login)).toMatchObject({ user_id: 'auth0|second', email: login.identifier })
    expect((await store.users.get('auth0|second'))?.identities?.[0]).not.toHaveProperty('profileData')
  },

  'moves every identity of a user who has several': async ({ store }) => {
    await createBoth(store)
    await store.users.create({ connection, ...database })
    await store.users.link(socialId, database)
    await store.users.link(adaId, social)
    const user = await store.users.get(adaId)
    expect(user?.identities?.map((identity) => identity.user_id)).toEqual(['ada', '42', 'second'])
  },

  'links nothing that is not there, is the user’s own name, or is linked already': async ({ store }) => {
    await createBoth(store)
    await store.users.create({ connection, user_id: 'grace' })
    expect(await store.users.link('auth0|nobody', social)).toBeUndefined()
    const wrong = { code: 'INVALID_ARGUMENT' }
    await expect(store.users.link(adaId, { provider: 'auth0', user_id: 'ada' })).rejects.toMatchObject(wrong)
    await expect(store.users.link(adaId, { provider: 'auth0', user_id: 'nobody' })).rejects.toMatchObject(wrong)
    await store.users.link(adaId, social)
    for (const id of [adaId, 'auth0|grace']) {
      await expect(store.users.link(id, social)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    }
  },

  'unlinks nothing that is not the user’s, nor the identity that names the user': async ({ store }) => {
    await createBoth(store)
    const before = await store.users.get(adaId)
    expect(await store.users.unlink(adaId, social)).toBeUndefined()
    expect(await store.users.unlink('auth0|nobody', social)).toBeUndefined()
    await expect(store.users.unlink(adaId, { provider: 'auth0', user_id: 'ada' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    expect(await store.users.get(adaId)).toEqual(before)
  },

  'ends the logins of a user who is linked to another, and takes the roles': async ({ store }) => {
    await createBoth(store)
    const role = await store.roles.create({ name: 'editor' })
    await store.roles.assign([socialId], [role.id])
    await store.users.link(adaId, social)
    await store.users.unlink(adaId, social)
    expect(await store.roles.listByUser(socialId, { page: 0, perPage: 10 })).toEqual({ roles: [], total: 0 })
  },

  'changes a linked identity’s own address and password': async ({ store }) => {
    await store.users.create({ ...ada, password: 'first password' })
    await store.users.create({ connection, ...database, email: 'old@example.com', password: 'old password' })
    await store.users.link(adaId, database)
    const patch = { email: 'new@example.com', password: 'new password' }
    const user = await store.users.updateIdentity(adaId, database, patch)
    expect(user).toMatchObject({ email: 'Ada@example.com' })
    expect(user?.identities?.[1]?.profileData).toEqual({ email: 'new@example.com', email_verified: false })
    const login = { connection, identifier: 'new@example.com' }
    expect(await store.users.authenticate({ ...login, password: 'new password' })).toMatchObject({ user_id: adaId })
    expect(await store.users.authenticate({ ...login, password: 'old password' })).toBeUndefined()
    expect(await store.users.findId({ connection, identifier: 'old@example.com' })).toBeUndefined()
    expect(await store.users.updateIdentity(adaId, social, { username: 'x' })).toBeUndefined()
    await expect(store.users.updateIdentity(adaId, database, { email: 'ada@example.com' })).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    })
  },
}
