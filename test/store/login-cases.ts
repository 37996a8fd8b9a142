import { expect } from 'vitest'
import type { RefreshToken, RememberedLogin } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection, startIso, startMs } from './store-case.ts'

export const login: RememberedLogin = {
  id: 'login-1',
  userId: adaId,
  clientId: 'demo-app',
  connection,
  scope: 'openid profile',
  audience: 'https://api.example/',
  user: { user_id: adaId, roles: ['admin'], user_metadata: { picture: 'p.png' } },
  idTokenClaims: { 'https://example.com/roles': ['admin'] },
  createdAtMs: startMs,
  expiresAtMs: startMs + 1000,
}

export const token: RefreshToken = {
  tokenHash: 'a'.repeat(64),
  loginId: login.id,
  userId: adaId,
  clientId: 'demo-app',
  connection,
  scope: 'openid offline_access',
  audience: 'https://api.example/',
  expiresAtMs: startMs + 5000,
}

export const loginCases: StoreCases = {
  'remembers a login whole': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    expect(await store.logins.get('login-1')).toEqual(login)
    expect(await store.logins.get('login-2')).toBeUndefined()
  },

  'gives the remembered profile back as JSON does': async ({ store }) => {
    await store.users.create(ada)
    const user = { ...login.user, updated_at: new Date(startMs), nothing: undefined }
    await store.logins.remember({ ...login, user })
    expect((await store.logins.get('login-1'))?.user).toStrictEqual({ ...login.user, updated_at: startIso })
  },

  'renews a login and keeps its refresh tokens, but brings none back that was ended': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    await store.logins.saveRefreshToken(token)
    const again = { ...login, user: { user_id: adaId }, expiresAtMs: startMs + 9000 }
    await expect(store.logins.remember(again)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    await store.logins.renew(again)
    expect(await store.logins.get('login-1')).toEqual(again)
    expect(await store.logins.takeRefreshToken(token.tokenHash)).toEqual(token)
    await store.logins.forget(login.id)
    await expect(store.logins.renew(again)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(await store.logins.get(login.id)).toBeUndefined()
  },

  'remembers no login of a user that is gone or blocked, not even while they are being blocked': async ({ store }) => {
    await expect(store.logins.remember(login)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    await store.users.create(ada)
    const ids = Array.from({ length: 20 }, (_, index) => `login-${index}`)
    const remembered = ids.map((id) => store.logins.remember({ ...login, id }))
    const [blocked, ...results] = await Promise.allSettled([
      store.users.update(adaId, { blocked: true }),
      ...remembered,
    ])
    expect(blocked.status).toBe('fulfilled')
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'STORE_CONFLICT' })
    }
    for (const id of ids) expect(await store.logins.get(id)).toBeUndefined()
    await expect(store.logins.remember(login)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
  },

  'forgets one login with its refresh tokens': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    await store.logins.saveRefreshToken(token)
    expect(await store.logins.forget('login-1')).toBe(true)
    expect(await store.logins.forget('login-1')).toBe(false)
    expect(await store.logins.get('login-1')).toBeUndefined()
    expect(await store.logins.takeRefreshToken(token.tokenHash)).toBeUndefined()
  },

  'forgets what has expired, but no login that a refresh token can still renew': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    await store.logins.remember({ ...login, id: 'login-2' })
    await store.logins.remember({ ...login, id: 'login-3', expiresAtMs: startMs + 9000 })
    await store.logins.saveRefreshToken(token)
    expect(await store.logins.purgeExpired(startMs + 1000)).toBe(0)
    expect(await store.logins.purgeExpired(startMs + 1001)).toBe(1)
    expect(await store.logins.get('login-1')).toBeDefined()
    expect(await store.logins.get('login-2')).toBeUndefined()
    expect(await store.logins.purgeExpired(startMs + 5001)).toBe(2)
    expect(await store.logins.get('login-1')).toBeUndefined()
    expect(await store.logins.get('login-3')).toBeDefined()
  },

  'forgets an expired login whose refresh tokens were all used': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    await store.logins.saveRefreshToken(token)
    await store.logins.takeRefreshToken(token.tokenHash)
    await store.logins.purgeExpired(startMs + 2000)
    expect(await store.logins.get('login-1')).toBeUndefined()
  },

  'deletes logins and refresh tokens with their user, nobody else’s': async ({ store }) => {
    await store.users.create(ada)
    await store.users.create({ connection, user_id: 'grace' })
    await store.logins.remember(login)
    await store.logins.saveRefreshToken(token)
    await store.logins.remember({ ...login, id: 'login-2', userId: 'auth0|grace' })
    await store.users.delete(adaId)
    expect(await store.logins.get('login-1')).toBeUndefined()
    expect(await store.logins.takeRefreshToken(token.tokenHash)).toBeUndefined()
    expect(await store.logins.get('login-2')).toBeDefined()
  },

  'ends the logins of a user who is blocked; unblocking brings none back': async ({ store }) => {
    await store.users.create(ada)
    await store.logins.remember(login)
    await store.logins.saveRefreshToken(token)
    await store.users.update(adaId, { blocked: true })
    expect(await store.logins.get('login-1')).toBeUndefined()
    await store.users.update(adaId, { blocked: false })
    expect(await store.logins.takeRefreshToken(token.tokenHash)).toBeUndefined()
  },
}
