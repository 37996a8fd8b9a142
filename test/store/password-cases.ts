import { createHook } from 'node:async_hooks'
import { expect } from 'vitest'
import type { Store } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection } from './store-case.ts'

const password = 'correct horse battery staple'
const bcryptOfA = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
const argon2OfPassword = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

const login = async (store: Store, identifier: string, attempt: string) =>
  await store.users.authenticate({ connection, identifier, password: attempt })

/** How many Argon2 computations Node itself started meanwhile. */
async function argon2Requests(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const hook = createHook({ init: (_id, type) => void (count += Number(type === 'ARGON2REQUEST')) }).enable()
  await work()
  hook.disable()
  return count
}

export const passwordCases: StoreCases = {
  'logs in by address or user name in any case, with the exact password only': async ({ store }) => {
    const created = await store.users.create({ ...ada, password })
    for (const identifier of ['ada@example.com', 'ADA@EXAMPLE.COM', 'ada', 'Ada']) {
      expect(await login(store, identifier, password)).toEqual(created)
    }
    for (const wrong of ['', ' ', password.toUpperCase(), `${password} `, `${password}\0`]) {
      expect(await login(store, 'ada', wrong)).toBeUndefined()
    }
    expect(await login(store, 'nobody', password)).toBeUndefined()
    expect(await store.users.authenticate({ connection: 'Other', identifier: 'ada', password })).toBeUndefined()
  },

  'does the same hashing for a right, a wrong, an unknown and a password-less user': async ({ store }) => {
    await store.users.create({ ...ada, password })
    await store.users.create({ connection, username: 'bare' })
    for (const [identifier, attempt] of [
      ['ada', password],
      ['ada', 'wrong'],
      ['nobody', password],
      ['bare', password],
    ] as const) {
      expect(await argon2Requests(() => login(store, identifier, attempt))).toBe(1)
    }
  },

  'returns a blocked user with blocked: true': async ({ store }) => {
    await store.users.create({ ...ada, password, blocked: true })
    expect(await login(store, 'ada', password)).toMatchObject({ user_id: adaId, blocked: true })
  },

  'replaces a password': async ({ store }) => {
    await store.users.create({ ...ada, password: 'first' })
    await store.users.update(adaId, { password })
    expect(await login(store, 'ada', 'first')).toBeUndefined()
    expect(await login(store, 'ada', password)).toMatchObject({ user_id: adaId })
  },

  'takes bcrypt and Argon2 hashes from elsewhere, again after the first login renewed them': async ({ store }) => {
    await store.users.create({ connection, username: 'bcrypt', passwordHash: bcryptOfA })
    await store.users.create({ connection, username: 'argon2', passwordHash: argon2OfPassword })
    await store.users.create({ ...ada, password: 'first' })
    await store.users.update(adaId, { passwordHash: bcryptOfA })
    for (const _round of [1, 2]) {
      expect(await login(store, 'bcrypt', 'a')).toMatchObject({ username: 'bcrypt' })
      expect(await login(store, 'bcrypt', 'b')).toBeUndefined()
      expect(await login(store, 'argon2', 'password')).toMatchObject({ username: 'argon2' })
      expect(await login(store, 'argon2', 'Password')).toBeUndefined()
      expect(await login(store, 'ada', 'a')).toMatchObject({ username: 'ada' })
      expect(await login(store, 'nobody', 'a')).toBeUndefined()
    }
  },

  'refuses a password that is none and a hash that it cannot verify': async ({ store }) => {
    await store.users.create(ada)
    for (const bad of [
      { password: '' },
      { password: 5 as unknown as string },
      { passwordHash: 'plain' },
      { passwordHash: '$2b$31$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe' },
      { passwordHash: argon2OfPassword.replace('m=65536', 'm=4194304') },
      { passwordHash: '$argon2id$v=19$m=65536,t=2,p=1$c29tc2FsdA$' },
      { password, passwordHash: bcryptOfA },
    ]) {
      const invalid = { code: 'INVALID_ARGUMENT' }
      await expect(store.users.create({ connection, ...bad })).rejects.toMatchObject(invalid)
      await expect(store.users.update(adaId, bad)).rejects.toMatchObject(invalid)
    }
    const social = { connection: 'facebook', provider: 'facebook', user_id: '1' }
    await expect(store.users.create({ ...social, password })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  },

  'never shows a password or a hash, in no value and in no error': async ({ store }) => {
    const shown: unknown[] = []
    const keep = (value: unknown) => shown.push(value)
    const secret = 'hunter2-hunter2'
    await store.users.create({ ...ada, password: secret }).then(keep)
    await store.users.create({ ...ada, password: secret }).catch(keep)
    await store.users.create({ connection, username: 'b', passwordHash: bcryptOfA }).then(keep)
    await store.users.create({ connection, passwordHash: `${secret}-hash` }).catch(keep)
    await store.users.create({ connection, password: secret, password_hash: secret }).catch(keep)
    await store.users.update(adaId, { password: secret }).then(keep)
    await store.users.update(adaId, { password: secret, passwordHash: bcryptOfA }).catch(keep)
    await store.users.authenticate({ connection, identifier: 'ada', password: secret }).then(keep)
    await store.users.recordLogin(adaId, { atMs: 0 }).then(keep)
    keep(await store.users.get(adaId))
    keep(await store.users.findByEmail('ada@example.com'))
    expect(shown).not.toContain(undefined)
    const errors = shown.filter((value) => value instanceof Error)
    expect(errors).toHaveLength(4)
    const text =
      JSON.stringify(shown) + errors.map(({ message, stack, cause }) => `${message}${stack}${String(cause)}`).join()
    expect(text).not.toMatch(/hunter2|\$2[ab]\$|\$argon2|"password(_h|H)?(ash)?":/)
  },
}
