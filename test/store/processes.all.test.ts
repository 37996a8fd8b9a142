import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { testDatabases } from './databases.ts'
import { ada, adaId } from './store-case.ts'

const writer = fileURLToPath(new URL('store-writer.ts', import.meta.url))

function startWriter(url: string, name: string, users: number, atOnce = 1): ChildProcessByStdio<null, Readable, null> {
  const args = [writer, url, name, String(users), String(atOnce)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

const shared = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(shared)('several users of one database: %s', (_, freshUrl) => {
  test('stores in one process lose no change to one user', async () => {
    const url = await freshUrl()
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
    await stores[0]?.users.create(ada)
    const changes = stores.flatMap((store, one) =>
      Array.from({ length: 10 }, (__, two) => store.users.update(adaId, { app_metadata: { [`${one}-${two}`]: true } })),
    )
    await Promise.all(changes)
    expect(Object.keys((await stores[1]?.users.get(adaId))?.app_metadata ?? {})).toHaveLength(50)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('processes that start at once migrate it once, share its keys, and lose no write', async () => {
    const url = await freshUrl()
    const writers = ['a', 'b', 'c', 'd'].map((name) => startWriter(url, name, 25))
    const exits = Promise.all(writers.map((child) => once(child, 'exit')))
    const output = await Promise.all(writers.map((child) => text(child.stdout)))
    expect((await exits).map(([code]) => code)).toEqual([0, 0, 0, 0])
    expect(new Set(output.map((lines) => lines.split('\n')[0])).size).toBe(1)
    const store = await openStore(url)
    expect(await store.users.findByEmail('same@example.com')).toHaveLength(100)
    await store.close()
  })

  test('a refresh token that several processes take at once is given to one of them', async () => {
    const url = await freshUrl()
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
    await stores[0]?.users.create(ada)
    const login = { id: 'l', userId: adaId, clientId: 'c', connection: 'x', scope: '', audience: 'a' }
    const times = { createdAtMs: 0, expiresAtMs: 9_000_000_000_000 }
    await stores[0]?.logins.remember({ ...login, ...times, user: {}, idTokenClaims: {} })
    const { id: loginId, ...rest } = login
    await stores[0]?.logins.saveRefreshToken({ ...rest, loginId, tokenHash: 'h', expiresAtMs: times.expiresAtMs })
    const taken = await Promise.all(stores.map((store) => store.logins.takeRefreshToken('h')))
    expect(taken.filter((token) => token !== undefined)).toHaveLength(1)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('SIGKILL amid a thousand concurrent writes loses none that was acknowledged, and leaves no half of another', async () => {
    const url = await freshUrl()
    const child = startWriter(url, 'k', 1_000, 1_000)
    const acknowledged: string[] = []
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(line)
      if (acknowledged.length === 300) child.kill('SIGKILL')
    }
    if (child.signalCode === null) await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    const store = await openStore(url)
    const found = await store.users.findByEmail('same@example.com')
    const ids = new Set(found.map(({ user_id: id }) => id))
    expect(acknowledged.slice(1).filter((id) => !ids.has(id))).toEqual([])
    for (const user of found) {
      expect(user.identities).toHaveLength(1)
      const { connection = '', user_id: id = '' } = user.identities?.[0] ?? {}
      // The name that it logs in with is taken, so that half is there too.
      await expect(store.users.create({ connection, username: id })).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    }
    await store.close()
  })
})
