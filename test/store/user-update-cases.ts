import * as fc from 'fast-check'
import { expect } from 'vitest'
import { mergeMetadata } from '../../src/profile/metadata/merge-metadata.ts'
import type { UserPatch } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection, startIso } from './store-case.ts'

export const userUpdateCases: StoreCases = {
  'sets root attributes, unsets those that are null, leaves the others and bumps updated_at': async ({
    store,
    time,
  }) => {
    await store.users.create({ ...ada, name: 'Ada', nickname: 'a', plan: 'free', theme: 'dark' })
    time.nowMs += 1000
    const updated = await store.users.update(adaId, {
      name: 'A. L.',
      nickname: null,
      plan: null,
      roles: ['x'],
      family_name: undefined,
    })
    expect(updated).toEqual({
      user_id: adaId,
      email: 'Ada@example.com',
      email_verified: false,
      username: 'ada',
      name: 'A. L.',
      roles: ['x'],
      theme: 'dark',
      identities: [{ connection, provider: 'auth0', user_id: 'ada', isSocial: false }],
      created_at: startIso,
      updated_at: '2026-06-01T00:00:01.000Z',
    })
    expect(await store.users.get(adaId)).toEqual(updated)
  },

  'merges metadata at its first level': async ({ store }) => {
    await store.users.create({ ...ada, user_metadata: { a: 1, deep: { x: 1, y: 2 } }, app_metadata: { roles: ['r'] } })
    const updated = await store.users.update(adaId, { user_metadata: { a: null, deep: { x: 9 }, b: 2 } })
    expect(updated).toMatchObject({ app_metadata: { roles: ['r'] } })
    expect(updated?.user_metadata).toEqual({ deep: { x: 9 }, b: 2 })
    expect((await store.users.update(adaId, { user_metadata: {} }))?.user_metadata).toEqual({})
    expect(await store.users.update(adaId, { user_metadata: null })).not.toHaveProperty('user_metadata')
  },

  'merges any metadata into any other as profile/metadata does': async ({ store }) => {
    await store.users.create(ada)
    const value = fc.oneof(fc.constant(null), fc.jsonValue())
    const metadata = fc.dictionary(
      fc.string({ maxLength: 3 }).filter((key) => key !== '__proto__'),
      value,
      { maxKeys: 4 },
    )
    await fc.assert(
      fc.asyncProperty(metadata, metadata, async (first, second) => {
        await store.users.update(adaId, { app_metadata: null })
        await store.users.update(adaId, { app_metadata: first })
        const updated = await store.users.update(adaId, { app_metadata: second })
        const merged = mergeMetadata(mergeMetadata(undefined, first), second)
        expect(updated?.app_metadata).toEqual(JSON.parse(JSON.stringify(merged)))
      }),
      { numRuns: 40 },
    )
  },

  'loses none of many metadata changes made at the same moment': async ({ store }) => {
    await store.users.create(ada)
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`)
    await Promise.all(keys.map((key) => store.users.update(adaId, { app_metadata: { [key]: true } })))
    expect(Object.keys((await store.users.get(adaId))?.app_metadata ?? {}).toSorted()).toEqual(keys.toSorted())
  },

  'takes a new address as unverified, unless the change says otherwise': async ({ store }) => {
    await store.users.create({ ...ada, email_verified: true })
    const verified = async (patch: UserPatch) => (await store.users.update(adaId, patch))?.email_verified
    expect(await verified({ email: 'Ada@example.com' })).toBe(true)
    expect(await verified({ email: 'new@example.com' })).toBe(false)
    expect(await verified({ email: 'newer@example.com', email_verified: true })).toBe(true)
    expect(await verified({ email: null })).toBeUndefined()
  },

  'logs in with the new address and user name, no longer with the old': async ({ store }) => {
    const password = 'correct horse'
    await store.users.create({ ...ada, password })
    await store.users.update(adaId, { email: 'new@example.com', username: null })
    const known = async (identifier: string) =>
      Boolean(await store.users.authenticate({ connection, identifier, password }))
    expect(await known('NEW@example.com')).toBe(true)
    expect(await known('ada@example.com')).toBe(false)
    expect(await known('ada')).toBe(false)
    await expect(store.users.create(ada)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    await expect(store.users.create({ ...ada, user_id: 'second' })).resolves.toBeTruthy()
  },

  "refuses another user's address and changes nothing": async ({ store }) => {
    await store.users.create(ada)
    await store.users.create({ connection, user_id: 'grace', email: 'grace@example.com', name: 'Grace' })
    const before = await store.users.get('auth0|grace')
    const change = store.users.update('auth0|grace', { name: 'Changed', email: 'ADA@example.com' })
    await expect(change).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(await store.users.get('auth0|grace')).toEqual(before)
  },

  'refuses what cannot be changed and changes nothing': async ({ store }) => {
    await store.users.create(ada)
    const before = await store.users.get(adaId)
    for (const patch of [
      { user_id: 'auth0|x' },
      { identities: [] },
      { created_at: startIso },
      { updated_at: startIso },
      { last_login: startIso },
      { logins_count: 0 },
      { connection: 'x' },
      { provider: 'x' },
      { password_hash: 'x' },
      JSON.parse('{"__proto__":{}}') as Record<string, unknown>,
      { blocked: 1 },
      { email: { $gt: '' } },
      { app_metadata: [] },
    ]) {
      const change = store.users.update(adaId, { name: 'Changed', ...patch })
      await expect(change).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(await store.users.get(adaId)).toEqual(before)
  },

  'answers undefined for a user that is not there': async ({ store }) => {
    expect(await store.users.update('auth0|nobody', { name: 'x', password: 'y' })).toBeUndefined()
    expect(await store.users.update('nobody', { name: 'x' })).toBeUndefined()
  },
}
