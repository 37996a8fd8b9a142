import { expect } from 'vitest'
import { createEntryReader } from '../../src/store/import/entry-reader.ts'
import type { ImportResult, Store } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection, startIso } from './store-case.ts'

const bcryptOfA = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
const argon2OfPassword = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
const custom = { algorithm: 'argon2', hash: { value: argon2OfPassword } }

async function importAll(store: Store, users: readonly unknown[], upsert = false): Promise<ImportResult[]> {
  return await store.users.import(users.map(createEntryReader(connection)), { upsert })
}

const statuses = (results: readonly ImportResult[]): string[] => results.map(({ status }) => status)
const codes = (results: readonly ImportResult[]): unknown[] =>
  results.map((result) => ('errors' in result ? result.errors.map(({ code, path }) => [code, path]) : []))

export const importCases: StoreCases = {
  'imports users as if each had been created, and they log in with the hashes they brought': async ({ store }) => {
    const users = [
      { user_id: 'ada', email: 'Ada@example.com', username: 'ada', password_hash: bcryptOfA, user_metadata: { a: 1 } },
      { email: 'bob@example.com', email_verified: true, blocked: false, custom_password_hash: custom },
      { username: 'cleo', given_name: 'Cleo', app_metadata: { roles: ['x'] } },
      { user_id: 'dan', phone_number: '+4930123', phone_verified: true },
    ]
    expect(statuses(await importAll(store, users))).toEqual(Array.from({ length: 4 }, () => 'inserted'))
    expect(await store.users.get(adaId)).toEqual({
      user_id: adaId,
      email: 'Ada@example.com',
      email_verified: false,
      username: 'ada',
      identities: [{ connection, provider: 'auth0', user_id: 'ada', isSocial: false }],
      user_metadata: { a: 1 },
      created_at: startIso,
      updated_at: startIso,
    })
    const found = await store.users.list({ page: 0, perPage: 9, q: 'email:bob@example.com OR given_name:cleo' })
    expect(found.users).toHaveLength(2)
    for (const [identifier, password] of [
      ['ADA@example.com', 'a'],
      ['bob@example.com', 'password'],
    ] as const) {
      expect(await store.users.authenticate({ connection, identifier, password })).toMatchObject({ identities: [{}] })
      expect(await store.users.authenticate({ connection, identifier, password: 'wrong' })).toBeUndefined()
    }
  },

  'imports many at once, and again changes nothing': async ({ store }) => {
    const users = Array.from({ length: 150 }, (_, index) => ({ email: `u${index}@example.com`, username: `u${index}` }))
    expect(new Set(statuses(await importAll(store, users)))).toEqual(new Set(['inserted']))
    const before = await store.users.listAfter({ after: '', take: 500 })
    expect(before).toHaveLength(150)
    expect(new Set(statuses(await importAll(store, users)))).toEqual(new Set(['present']))
    expect(await store.users.listAfter({ after: '', take: 500 })).toEqual(before)
  },

  'a wrong user fails alone, with what was wrong and where': async ({ store }) => {
    await store.users.create(ada)
    await store.users.create({ connection, user_id: 'bea', email: 'bea@example.com' })
    await store.users.create({ connection: 'Other', user_id: 'elsewhere' })
    const results = await importAll(store, [
      { email: 'good@example.com' },
      { email: 'GOOD@example.com' },
      { email: 'ada@example.com', user_id: 'someone-else' },
      { user_id: 'ada', email: 'new@example.com' },
      { user_id: 'bea', email: 'bea@example.com', username: 'lovelace' },
      { user_id: 'elsewhere', email: 'e@example.com' },
      { email: 'h@example.com', password_hash: 'plain' },
      { email: 'c@example.com', custom_password_hash: { algorithm: 'md5', hash: { value: 'x', encoding: 'hex' } } },
      { email: 'b@example.com', password_hash: bcryptOfA, custom_password_hash: custom },
      { email: 'last@example.com' },
    ])
    expect(codes(results)).toEqual([
      [],
      [['DUPLICATED_USER', 'email']],
      [['CONFLICT', 'user_id']],
      [['CONFLICT_EMAIL', 'email']],
      [['CONFLICT_USERNAME', 'username']],
      [['CONFLICT', 'user_id']],
      [['PATTERN', 'password_hash']],
      [['ENUM_MISMATCH', 'custom_password_hash.algorithm']],
      [['NOT_PASSED', 'custom_password_hash']],
      [],
    ])
    expect(await store.users.listAfter({ after: '', take: 9, connection })).toHaveLength(4)
  },

  'with upsert, replaces metadata whole and sets what is given': async ({ store, time }) => {
    await store.users.create({ ...ada, name: 'Ada', user_metadata: { a: 1, b: 2 }, app_metadata: { plan: 'pro' } })
    time.nowMs += 1000
    const users = [
      { email: 'ADA@example.com', nickname: 'countess', user_metadata: { c: 3 } },
      { email: 'new@example.com' },
    ]
    expect(statuses(await importAll(store, users, true))).toEqual(['updated', 'inserted'])
    expect(await store.users.get(adaId)).toMatchObject({
      email: 'Ada@example.com',
      name: 'Ada',
      nickname: 'countess',
      user_metadata: { c: 3 },
      app_metadata: { plan: 'pro' },
      updated_at: '2026-06-01T00:00:01.000Z',
    })
    expect((await store.users.get(adaId))?.user_metadata).toEqual({ c: 3 })
  },

  'with upsert, a hash replaces none or an imported one, and never a password of our own': async ({ store }) => {
    const password = 'a'
    const logIn = async (identifier: string, attempt: string) =>
      (await store.users.authenticate({ connection, identifier, password: attempt })) !== undefined
    await store.users.create({ ...ada, password: 'chosen here' })
    await store.users.create({ connection, username: 'bare' })
    await store.users.create({ connection, username: 'imported', passwordHash: argon2OfPassword })
    const hash = { password_hash: bcryptOfA }
    await importAll(
      store,
      ['ada', 'bare', 'imported'].map((username) => ({ username, ...hash })),
      true,
    )
    expect(await Promise.all(['ada', 'bare', 'imported'].map((name) => logIn(name, password)))).toEqual([
      false,
      true,
      true,
    ])
    expect(await logIn('ada', 'chosen here')).toBe(true)
  },

  'with upsert, blocking ends what the user holds': async ({ store }) => {
    await store.users.create(ada)
    const login = { id: 'l', userId: adaId, clientId: 'c', connection, scope: '', audience: 'a' }
    await store.logins.remember({ ...login, user: {}, idTokenClaims: {}, createdAtMs: 0, expiresAtMs: 9e12 })
    await importAll(store, [{ username: 'ada', blocked: true }], true)
    expect(await store.logins.get('l')).toBeUndefined()
  },

  'a linked identity is nobody to import': async ({ store }) => {
    await store.users.create(ada)
    await store.users.create({ connection, user_id: 'two', email: 'two@example.com' })
    await store.users.link(adaId, { provider: 'auth0', user_id: 'two' })
    expect(codes(await importAll(store, [{ email: 'two@example.com', name: 'Two' }], true))).toEqual([
      [['CONFLICT', undefined]],
    ])
  },

  'lists users in the order of their ids, after one, of one connection': async ({ store }) => {
    for (const id of ['b', 'a', 'c']) await store.users.create({ connection, user_id: id })
    await store.users.create({ connection: 'Other', user_id: 'ab' })
    const ids = async (query: Parameters<Store['users']['listAfter']>[0]) =>
      (await store.users.listAfter(query)).map(({ user_id: id }) => id)
    expect(await ids({ after: '', take: 3 })).toEqual(['auth0|a', 'auth0|ab', 'auth0|b'])
    expect(await ids({ after: 'auth0|a', take: 1, connection })).toEqual(['auth0|b'])
    expect(await ids({ after: 'auth0|b', take: 9, connection })).toEqual(['auth0|c'])
  },
}
