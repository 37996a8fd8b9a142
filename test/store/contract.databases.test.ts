import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { contract } from './contract.ts'
import { testDatabases } from './databases.ts'
import { startMs } from './store-case.ts'

describe.each(testDatabases())('a store on %s', (_, freshUrl) => {
  test.each(Object.entries(contract))('%s', async (_title, run) => {
    expect.hasAssertions()
    const time = { nowMs: startMs }
    const store = await openStore(await freshUrl(), { clock: () => time.nowMs })
    try {
      await run({ store, time })
    } finally {
      await store.close()
    }
  })

  test('after close, every call says that the store is closed', async () => {
    const store = await openStore(await freshUrl())
    await store.close()
    await store.close()
    const closed = { code: 'STORE_FAILED', message: 'The store is closed.' }
    await expect(store.users.get('x')).rejects.toMatchObject(closed)
    await expect(store.clients.authenticate('x', 'y')).rejects.toMatchObject(closed)
    await expect(store.logins.purgeExpired(0)).rejects.toMatchObject(closed)
    await expect(store.keys.load()).rejects.toMatchObject(closed)
  })
})

test.each(['', 'memory', 'sqlite:', 'sqlite://host/x.db', 'mysql://u:hunter2@h/db', '/tmp/x.db', 'file:x.db'])(
  'the URL %j is refused, and not repeated',
  async (url) => {
    const error: unknown = await openStore(url).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect((error as Error).message).not.toContain('hunter2')
  },
)

test.each([
  'postgres://nobody:hunter2@127.0.0.1:1/none',
  'postgres://no body:hunter2@[::1/none',
  'postgresql://u:hunter2@host.invalid/db',
])('a PostgreSQL that cannot be reached is told without the URL', async (url) => {
  const error: unknown = await openStore(url).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: expect.stringMatching(/^(STORE_FAILED|INVALID_ARGUMENT)$/) })
  expect((error as Error).message).not.toContain('hunter2')
})
