import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuthServer, createAuthServer } from '../../src/http/server.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'
import { testDatabases } from '../store/databases.ts'
import { app, issuer, password } from './server.ts'

/** Wide: what is shown here is which rules run, on a machine that may be busy. */
const limits = {
  workers: 1,
  cpuPerRuleMs: 10_000,
  cpuPerLoginMs: 15_000,
  wallPerRuleMs: 30_000,
  wallPerLoginMs: 45_000,
}
const timeoutMs = 60_000
const username = 'ada@example.com'
const shared = testDatabases().filter(([name]) => name !== 'SQLite in memory')

function saying(text: string): string {
  return `function (user, context, callback) { user.said = '${text}'; callback(null, user, context); }`
}

describe.each(shared)('two servers on one store, %s', { timeout: timeoutMs }, (_, freshUrl) => {
  const stores: Store[] = []
  const servers: AuthServer[] = []
  const refusals: unknown[] = []
  const admin = { client_id: 'admin', client_secret: 'admin-secret-admin-secret' }

  beforeAll(async () => {
    const storeUrl = await freshUrl()
    for (let count = 0; count < 2; count++) {
      const store = await openStore(storeUrl)
      stores.push(store)
      const onRefusedRules = (error: unknown): unknown => refusals.push(error)
      servers.push(await createAuthServer({ issuer, store, engine: { limits }, onInvalidRules: onRefusedRules }))
    }
    await stores[0]?.users.create({ connection: 'Username-Password-Authentication', email: username, password })
    await stores[0]?.clients.create({ ...app, name: 'App', grant_types: ['password'] })
    await stores[0]?.clients.create({
      ...admin,
      name: 'Admin',
      grant_types: ['client_credentials'],
      audience: `${issuer}/api/v2/`,
      scopes: ['create:rules', 'update:rules'],
    })
  }, timeoutMs)
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await Promise.all(stores.map((store) => store.close()))
  })

  beforeEach(async () => {
    refusals.length = 0
    const { rules = [] } = (await stores[0]?.rules.list({ page: 0, perPage: 50 })) ?? {}
    for (const { id } of rules) await stores[0]?.rules.delete(id)
  })

  async function ask(server: AuthServer | undefined, path: string, init: RequestInit): Promise<Record<string, string>> {
    const response = await server?.handler(new Request(`${issuer}${path}`, init))
    if (response?.ok !== true) throw new Error(`${path}: ${await response?.text()}`)
    return (await response.json()) as Record<string, string>
  }

  /** What the rules of a server put into the profile of a login that begins now. */
  async function said(server: AuthServer | undefined): Promise<unknown> {
    const body = new URLSearchParams({ grant_type: 'password', ...app, username, password })
    const { access_token: token } = await ask(server, '/oauth/token', { method: 'POST', body })
    return (await ask(server, '/userinfo', { headers: { authorization: `Bearer ${token}` } }))['said']
  }

  async function manage(server: AuthServer | undefined, method: string, path: string, rule: object): Promise<string> {
    const form = { grant_type: 'client_credentials', ...admin, audience: `${issuer}/api/v2/` }
    const grant = { method: 'POST', body: new URLSearchParams(form) }
    const { access_token: token } = await ask(server, '/oauth/token', grant)
    const headers = { authorization: `Bearer ${token}` }
    const { id = '' } = await ask(server, `/api/v2${path}`, { method, headers, body: JSON.stringify(rule) })
    return id
  }

  test('a rule that is saved through one runs at the next login of the other', async () => {
    const [one, other] = servers
    expect(await said(other)).toBeUndefined()
    const id = await manage(one, 'POST', '/rules', { name: 'say', script: saying('first') })
    expect(await said(other)).toBe('first')
    await manage(other, 'PATCH', `/rules/${id}`, { script: saying('second') })
    expect(await Promise.all([said(one), said(one), said(other)])).toEqual(['second', 'second', 'second'])
  })

  test('a rule that came there unchecked does not run, is told, and keeps no server from going on', async () => {
    const before = await said(servers[1])
    const bad = await stores[0]?.rules.create({ name: 'bad', script: 'function (' })
    expect(await said(servers[1])).toBe(before)
    expect(refusals).toMatchObject([{ code: 'RULE_SYNTAX', details: { file: 'bad.js', line: 1 } }])
    const another = createAuthServer({ issuer, store: stores[0] as Store })
    await expect(another).rejects.toMatchObject({ code: 'RULE_SYNTAX' })
    await stores[0]?.rules.update(bad?.id ?? '', { script: saying('good') })
    expect(await said(servers[1])).toBe('good')
  })
})
