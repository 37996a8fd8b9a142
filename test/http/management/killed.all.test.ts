import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { clientScopes } from '../../../src/http/management/scopes.ts'
import type { User } from '../../../src/profile/user/user.ts'
import { openStore, type Store } from '../../../src/store/index.ts'
import { startClaimsmith } from '../../cli/command.ts'
import { freePort } from '../../cli/free-port.ts'
import { testDatabases } from '../../store/databases.ts'

const connection = 'Username-Password-Authentication'
const client = { client_id: 'writer', client_secret: 'writer-secret-writer-secret' }
const writes = 1_000
/** Of the writes, so many create a user; the others change one. */
const creations = 800
const killAfter = 300

const numbers = Array.from({ length: writes }, (_, number) => number)

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-killed-'))
afterAll(() => rmSync(folder, { recursive: true }))
const rule = join(folder, 'pass.js')
writeFileSync(rule, 'function (user, context, callback) { callback(null, user, context) }')

const shared = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(shared)('a server on %s', (_, freshUrl) => {
  test('that is killed amid a thousand concurrent writes has kept every one it acknowledged, and no half of another', async () => {
    const url = await freshUrl()
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const serve = async (): Promise<ChildProcess> => {
      const args = ['serve', '--rules', rule, '--store', url, '--port', String(port)]
      return (await startClaimsmith(args, /ready on/)).child
    }
    await prepare(url, `${origin}/api/v2/`)

    const killed = await serve()
    const headers = await authorization(origin)
    const acknowledged = new Map<string, number>()
    const write = async (number: number): Promise<void> => {
      const { method, path, body } = writeOf(number)
      const response = await fetch(`${origin}${path}`, { method, headers, body: JSON.stringify(body) }).catch(
        () => null,
      )
      if (response?.ok !== true) return
      const { user_id: id = '' } = (await response.json()) as User
      acknowledged.set(id, number)
      if (acknowledged.size === killAfter) killed.kill('SIGKILL')
    }
    await Promise.all(numbers.map(write))
    if (killed.signalCode === null) await once(killed, 'exit')
    expect(killed.signalCode).toBe('SIGKILL')
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter)

    const restarted = await serve()
    const read = async ([id, number]: readonly [string, number]): Promise<void> => {
      const response = await fetch(`${origin}/api/v2/users/${encodeURIComponent(id)}`, { headers })
      expect(await response.json()).toMatchObject(writeOf(number).expected)
    }
    await inBatches([...acknowledged], read)
    restarted.kill('SIGTERM')
    await once(restarted, 'exit')
    await expectWholeWrites(url)
  }, 180_000)
})

/** A new user; or, for a user that is there, a new address by which to log in, and metadata. */
function writeOf(number: number) {
  const email = `new${number}@example.com`
  const expected = { email, app_metadata: { number, twice: number } }
  if (number < creations)
    return { method: 'POST', path: '/api/v2/users', body: { connection: 'email', ...expected }, expected }
  return { method: 'PATCH', path: `/api/v2/users/auth0%7C${number}`, body: expected, expected }
}

async function prepare(url: string, audience: string): Promise<void> {
  const store = await openStore(url)
  const grant = { grant_types: ['client_credentials'], audience, scopes: clientScopes }
  await store.clients.create({ ...client, name: 'Writer', ...grant })
  await store.connections.create({ name: 'email', strategy: 'email' })
  await inBatches(numbers.slice(creations), (number) =>
    store.users.create({ connection, user_id: String(number), email: `old${number}@example.com` }),
  )
  await store.close()
}

async function inBatches<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += 10) await Promise.all(items.slice(start, start + 10).map(work))
}

async function authorization(origin: string): Promise<Record<string, string>> {
  const form = { grant_type: 'client_credentials', ...client, audience: `${origin}/api/v2/` }
  const response = await fetch(`${origin}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}

/** Whatever was not acknowledged was done as a whole, or not at all. */
async function expectWholeWrites(url: string): Promise<void> {
  const store = await openStore(url)
  await inBatches(numbers, (number) => expectWhole(store, number))
  await store.close()
}

async function expectWhole({ users }: Store, number: number): Promise<void> {
  const { expected } = writeOf(number)
  const oldEmail = `old${number}@example.com`
  const [user, ...more] = await users.findByEmail(expected.email)
  const [old] = await users.findByEmail(oldEmail)
  expect(more).toEqual([])
  if (user !== undefined) {
    expect(user).toMatchObject(expected)
    expect(user.identities).toHaveLength(1)
  }
  if (number < creations) return
  expect(old === undefined).toBe(user !== undefined)
  if (old !== undefined) expect(old).not.toHaveProperty('app_metadata')
  expect(await users.findId({ connection, identifier: expected.email })).toBe(user?.user_id)
  expect(await users.findId({ connection, identifier: oldEmail })).toBe(old?.user_id)
}
