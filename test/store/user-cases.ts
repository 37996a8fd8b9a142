import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection, startIso, startMs } from './store-case.ts'

const taken = { code: 'STORE_CONFLICT' }
const invalid = { code: 'INVALID_ARGUMENT' }

export const userCases: StoreCases = {
  'returns a user as Auth0 does, and only what was set': async ({ store }) => {
    const created = await store.users.create({ ...ada, name: 'Ada', user_metadata: { a: 1 }, nickname: undefined })
    expect(created).toEqual({
      user_id: adaId,
      email: 'Ada@example.com',
      email_verified: false,
      username: 'ada',
      name: 'Ada',
      identities: [{ connection, provider: 'auth0', user_id: 'ada', isSocial: false }],
      user_metadata: { a: 1 },
      created_at: startIso,
      updated_at: startIso,
    })
    expect(await store.users.get(adaId)).toEqual(created)
  },

  'keeps attributes that it does not know, whole': async ({ store }) => {
    const extra = {
      roles: ['a', { b: null }],
      plan: { tier: 2 },
      ünïcode: '🦊 "quoted" \\',
      empty: '',
      zero: 0,
      no: false,
    }
    await store.users.create({ ...ada, ...extra, gone: null })
    const user = await store.users.get(adaId)
    expect(user).toMatchObject(extra)
    expect(user).not.toHaveProperty('gone')
  },

  'refuses text that not every database keeps, wherever it stands': async ({ store }) => {
    await store.users.create(ada)
    for (const text of ['a\0b', 'a\uD800b']) {
      const bad = [
        { name: text },
        { nick: [text] },
        { app_metadata: { a: { b: text } } },
        { user_metadata: { [text]: 1 } },
      ]
      for (const attributes of bad) {
        await expect(store.users.update(adaId, attributes)).rejects.toMatchObject(invalid)
        await expect(store.users.create({ connection: 'other', ...attributes })).rejects.toMatchObject(invalid)
      }
    }
    const kept = { user_metadata: { a: String.raw`\u0000`, b: '🦊' } }
    expect(await store.users.update(adaId, kept)).toMatchObject(kept)
  },

  'keeps true and false apart from not set': async ({ store }) => {
    await store.users.create({ ...ada, email_verified: true, blocked: false })
    const user = await store.users.get(adaId)
    expect(user).toMatchObject({ email_verified: true, blocked: false })
    expect(user).not.toHaveProperty('phone_verified')
  },

  'makes an id of 24 hexadecimal digits when none is given': async ({ store }) => {
    const [one, two] = [await store.users.create({ connection }), await store.users.create({ connection })]
    expect(one.user_id).toMatch(/^auth0\|[\da-f]{24}$/)
    expect(one.identities?.[0]?.user_id).toBe(one.user_id?.slice('auth0|'.length))
    expect(two.user_id).not.toBe(one.user_id)
  },

  'prefixes the id with the provider, and keeps what the provider says': async ({ store }) => {
    const profileData = { name: 'Ada at F', picture: 'f.png' }
    const social = { connection: 'facebook', provider: 'facebook', user_id: '10', isSocial: true, profileData }
    await store.users.create({ ...social, email: 'ada@example.com' })
    expect(await store.users.get('facebook|10')).toMatchObject({ identities: [social], email: 'ada@example.com' })
  },

  'knows no user by a part of an id, by a pattern or by another case': async ({ store }) => {
    await store.users.create(ada)
    for (const id of ['ada', 'auth0|', 'auth0|%', 'auth0|ad_', 'AUTH0|ADA', '', "' or 1=1 --"]) {
      expect(await store.users.get(id)).toBeUndefined()
    }
  },

  'finds users by e-mail in any case, over all connections, oldest first': async ({ store, time }) => {
    await store.users.create(ada)
    time.nowMs = startMs - 1
    await store.users.create({ connection: 'facebook', provider: 'facebook', user_id: '10', email: 'ADA@EXAMPLE.COM' })
    await store.users.create({ connection, email: 'adax@example.com' })
    for (const email of ['ada@example.com', 'ADA@example.COM']) {
      expect((await store.users.findByEmail(email)).map((user) => user.user_id)).toEqual(['facebook|10', adaId])
    }
    expect(await store.users.findByEmail('%@example.com')).toEqual([])
  },

  'refuses an id, an e-mail or a user name that is taken, and leaves nothing behind': async ({ store }) => {
    await store.users.create(ada)
    for (const rival of [
      { connection, user_id: 'ada' },
      { connection, user_id: 'rival', email: 'ADA@example.com' },
      { connection, user_id: 'rival', username: 'ADA' },
      { connection, user_id: 'rival', username: 'ada@EXAMPLE.com' },
    ]) {
      await expect(store.users.create(rival)).rejects.toMatchObject(taken)
      expect(await store.users.get('auth0|rival')).toBeUndefined()
    }
    expect(await store.users.findByEmail('ada@example.com')).toHaveLength(1)
  },

  'lets one of many take an e-mail at the same moment': async ({ store }) => {
    const rivals = Array.from({ length: 20 }, (_, index) =>
      store.users.create({ connection, user_id: `r${index}`, email: 'one@example.com' }).then(
        () => 'created',
        (error: unknown) => error,
      ),
    )
    const ends = await Promise.all(rivals)
    expect(ends.filter((end) => end === 'created')).toHaveLength(1)
    expect(ends.filter((end) => end !== 'created')).toEqual(
      Array.from({ length: 19 }, () => expect.objectContaining(taken)),
    )
    expect(await store.users.findByEmail('one@example.com')).toHaveLength(1)
  },

  'lets the same address and user name live in two connections': async ({ store }) => {
    await store.users.create(ada)
    await expect(store.users.create({ ...ada, connection: 'Partners', user_id: 'p1' })).resolves.toBeTruthy()
  },

  'refuses attributes that only the store writes, and values of the wrong type': async ({ store }) => {
    for (const bad of [
      { identities: [] },
      { created_at: startIso },
      { last_ip: '::1' },
      { logins_count: 3 },
      { password_hash: 'x' },
      JSON.parse('{"__proto__":{"blocked":true}}') as Record<string, unknown>,
      { email: ['a@example.com'] },
      { email: '' },
      { blocked: 'yes' },
      { user_metadata: 'text' },
      { user_metadata: ['list'] },
      { connection: '' },
      { user_id: 'with space' },
      { user_id: 'x'.repeat(256) },
      { provider: 'a|b' },
      { big: 1n },
    ]) {
      await expect(store.users.create({ connection, ...bad })).rejects.toMatchObject(invalid)
    }
  },

  'deletes a user once, and frees the address': async ({ store }) => {
    await store.users.create({ ...ada, password: 'old password' })
    expect(await store.users.delete(adaId)).toBe(true)
    expect(await store.users.delete(adaId)).toBe(false)
    expect(await store.users.get(adaId)).toBeUndefined()
    expect(await store.users.findByEmail('ada@example.com')).toEqual([])
    await store.users.create(ada)
    expect(await store.users.authenticate({ connection, identifier: 'ada', password: 'old password' })).toBeUndefined()
  },

  'counts logins, all of them, and leaves updated_at': async ({ store, time }) => {
    await store.users.create(ada)
    time.nowMs += 5000
    const atMs = time.nowMs
    await Promise.all(Array.from({ length: 10 }, () => store.users.recordLogin(adaId, { ip: '203.0.113.7', atMs })))
    expect(await store.users.get(adaId)).toMatchObject({
      logins_count: 10,
      last_ip: '203.0.113.7',
      last_login: '2026-06-01T00:00:05.000Z',
      updated_at: startIso,
    })
    expect(await store.users.recordLogin('auth0|nobody', { atMs })).toBeUndefined()
  },
}
