import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuthServer, createAuthServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'
import { type Provider, connectProvider } from '../login/provider.ts'
import { testDatabases } from '../store/databases.ts'
import { app, issuer, password } from './server.ts'

const assertionGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const shared = testDatabases().filter(([name]) => name !== 'SQLite in memory')

/** One server logs in and is asked; the user is blocked and deleted by way of another store on the same database. */
describe.each(shared)('with two servers on %s', (_, freshUrl) => {
  let server: AuthServer
  let first: Store
  let second: Store
  let provider: Provider

  beforeAll(async () => {
    const url = await freshUrl()
    first = await openStore(url)
    second = await openStore(url)
    const rules = [{ name: 'pass', script: '(user, context, callback) => callback(null, user, context)' }]
    const engine = { rules, limits: { workers: 1 } }
    server = await createAuthServer({ issuer, store: first, engine, login: { tokeninfo: 'profile' } })
    provider = await connectProvider(first, { audience: issuer, nowMs: Date.now() }, { name: 'idp', strategy: 'idp' })
    const grants = ['password', 'refresh_token', assertionGrant]
    await first.clients.create({ ...app, name: 'App', grant_types: grants })
  })
  beforeEach(async () => {
    const connection = 'Username-Password-Authentication'
    for (const userId of Object.keys(logIns)) await first.users.delete(userId)
    await first.users.create({ connection, user_id: 'ada', email: 'ada@example.com', password })
  })
  afterAll(async () => {
    await server.close()
    await Promise.all([first.close(), second.close()])
  })

  const post = (path: string, form: Record<string, string>): Promise<Response> =>
    server.handler(new Request(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form) }))
  const get = (path: string, token: string): Promise<Response> =>
    server.handler(new Request(`${issuer}${path}`, { headers: { authorization: `Bearer ${token}` } }))

  const logIns: Readonly<Record<string, (more: Record<string, string>) => Promise<Response>>> = {
    'auth0|ada': (more) =>
      post('/oauth/token', { grant_type: 'password', ...app, username: 'ada@example.com', password, ...more }),
    'idp|1': (more) =>
      post('/oauth/token', { grant_type: assertionGrant, ...app, assertion: provider.assert(), ...more }),
  }

  /** Everything that a user can hold, and the status with which each is met; the last one is a new login. */
  async function hold(userId: string): Promise<() => Promise<Record<string, number>>> {
    const tokens = async (more: Record<string, string>) => {
      const response = await logIns[userId]?.(more)
      expect(response?.status).toBe(200)
      return (await response?.json()) as Record<'access_token' | 'id_token' | 'refresh_token', string>
    }
    const held = await tokens({ scope: 'openid offline_access' })
    const own = await tokens({ scope: 'openid read:current_user', audience: `${issuer}/api/v2/` })
    return async () => ({
      userinfo: (await get('/userinfo', held.access_token)).status,
      tokeninfo: (await post('/tokeninfo', { id_token: held.id_token })).status,
      management: (await get(`/api/v2/users/${encodeURIComponent(userId)}`, own.access_token)).status,
      refresh: (await post('/oauth/token', { grant_type: 'refresh_token', ...app, refresh_token: held.refresh_token }))
        .status,
      login: (await logIns[userId]?.({}))?.status ?? 0,
    })
  }

  const open = { userinfo: 200, tokeninfo: 200, management: 200, refresh: 200, login: 200 }
  const ended = { userinfo: 401, tokeninfo: 401, management: 401, refresh: 403, login: 403 }

  describe.each(Object.keys(logIns))('%s', (userId) => {
    test('can use what they hold', async () => {
      expect(await (await hold(userId))()).toEqual(open)
    })

    test('loses it all by being blocked, and unblocking brings back nothing but the next login', async () => {
      const use = await hold(userId)
      await second.users.update(userId, { blocked: true })
      expect(await use()).toEqual(ended)
      await second.users.update(userId, { blocked: false })
      expect(await use()).toEqual({ ...ended, login: 200 })
    })

    test('loses it all by being deleted; a provider’s user comes back as a new one, a database’s does not', async () => {
      const use = await hold(userId)
      await second.users.update(userId, { app_metadata: { plan: 'gold' } })
      expect(await second.users.delete(userId)).toBe(true)
      const isProviders = userId === 'idp|1'
      expect(await use()).toEqual({ ...ended, login: isProviders ? 200 : 403 })
      expect(await use()).toEqual({ ...ended, login: isProviders ? 200 : 403 })
      expect((await first.users.get(userId))?.app_metadata).toBeUndefined()
    })
  })
})
