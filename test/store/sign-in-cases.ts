import { expect } from 'vitest'
import type { ProviderAccount } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, startIso } from './store-case.ts'

const account: ProviderAccount = {
  connection: 'facebook',
  provider: 'facebook',
  user_id: '1',
  isSocial: true,
  profileData: { name: 'Lin', picture: 'provider.png', locale: 'sv' },
  attributes: { name: 'Lin', picture: 'provider.png', email: 'lin@example.com', email_verified: true },
  isSynced: true,
}
const id = 'facebook|1'
const later = { profileData: { name: 'Lin Li' }, attributes: { name: 'Lin Li', picture: 'new.png' } }

export const signInCases: StoreCases = {
  'makes the user of a provider’s account at the first login': async ({ store }) => {
    const user = await store.users.signIn(account)
    expect(user).toEqual({
      ...account.attributes,
      user_id: id,
      identities: [
        {
          connection: 'facebook',
          provider: 'facebook',
          user_id: '1',
          isSocial: true,
          profileData: account.profileData,
        },
      ],
      created_at: startIso,
      updated_at: startIso,
    })
    expect(await store.users.get(id)).toEqual(user)
  },

  'brings identity and root up to date at the next, and nothing else': async ({ store, time }) => {
    await store.users.signIn(account)
    await store.users.update(id, { nickname: 'mine', user_metadata: { picture: 'own.png' }, plan: 'free' })
    time.nowMs += 1000
    const user = await store.users.signIn({ ...account, ...later })
    expect(user).toMatchObject({
      ...account.attributes,
      ...later.attributes,
      nickname: 'mine',
      plan: 'free',
      user_metadata: { picture: 'own.png' },
      created_at: startIso,
      updated_at: '2026-06-01T00:00:01.000Z',
    })
    expect(user?.identities?.[0]).toStrictEqual({
      connection: 'facebook',
      provider: 'facebook',
      user_id: '1',
      isSocial: true,
      profileData: later.profileData,
    })
    expect(await store.users.get(id)).toEqual(user)
    time.nowMs += 1000
    expect(await store.users.signIn({ ...account, ...later })).toEqual(user)
  },

  'leaves the root as it is where it does not follow the provider': async ({ store }) => {
    await store.users.signIn({ ...account, isSynced: false })
    await store.users.update(id, { name: 'Changed here' })
    const user = await store.users.signIn({ ...account, ...later, isSynced: false })
    expect(user).toMatchObject({ ...account.attributes, name: 'Changed here' })
    expect(user?.identities?.[0]?.profileData).toEqual(later.profileData)
  },

  'takes a new address as unverified unless the provider says otherwise': async ({ store }) => {
    await store.users.signIn(account)
    const verified = async (attributes: ProviderAccount['attributes']) =>
      (await store.users.signIn({ ...account, attributes }))?.email_verified
    expect(await verified({ email: 'lin@example.com' })).toBe(true)
    expect(await verified({ email: 'b@example.com', email_verified: true })).toBe(true)
    expect(await verified({ email: 'c@example.com' })).toBe(false)
    expect(await verified({ email: 'c@example.com', email_verified: true })).toBe(true)
    expect((await store.users.findByEmail('C@example.com')).map((user) => user.user_id)).toEqual([id])
  },

  'makes one user of many first logins at the same moment': async ({ store }) => {
    const users = await Promise.all(Array.from({ length: 8 }, () => store.users.signIn(account)))
    expect(new Set(users.map((user) => user?.user_id))).toEqual(new Set([id]))
    expect(await store.users.findByEmail('lin@example.com')).toMatchObject([{ identities: { length: 1 } }])
  },

  'returns a blocked user as they are': async ({ store }) => {
    await store.users.signIn(account)
    const blocked = await store.users.update(id, { blocked: true })
    expect(await store.users.signIn({ ...account, ...later })).toEqual(blocked)
    expect(await store.users.get(id)).toEqual(blocked)
  },

  'gives no account of one connection to another, nor a user of a database': async ({ store }) => {
    const first = await store.users.signIn(account)
    await store.users.create(ada)
    const theirs = { ...account, ...later, connection: 'facebook-two' }
    expect(await store.users.signIn(theirs)).toBeUndefined()
    expect(await store.users.signIn({ ...theirs, provider: 'auth0', user_id: 'ada' })).toBeUndefined()
    expect(await store.users.get(id)).toEqual(first)
    expect(await store.users.get(adaId)).not.toHaveProperty('picture')
  },

  'refuses attributes of a wrong kind and makes nothing': async ({ store }) => {
    for (const attributes of [{ name: 1 }, { email: '' }, { blocked: 'yes' }]) {
      const attempt = store.users.signIn({ ...account, attributes: attributes as ProviderAccount['attributes'] })
      await expect(attempt).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(await store.users.get(id)).toBeUndefined()
  },
}
