import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { contract } from './contract.ts'
import { startMs } from './store-case.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const urls = {
  'SQLite in memory': () => 'memory:',
  'SQLite in a file': () => `sqlite:${join(folder, `${(files += 1)}.db`)}`,
}

describe.each(Object.entries(urls))('a store on %s', (_, url) => {
  test.each(Object.entries(contract))('%s', async (_title, run) => {
    expect.hasAssertions()
    const time = { nowMs: startMs }
    const store = await openStore(url(), { clock: () => time.nowMs })
    try {
      await run({ store, time })
    } finally {
      await store.close()
    }
  })

  test('after close, every call says that the store is closed', async () => {
    const store = await openStore(url())
    await store.close()
    await store.close()
    const closed = { code: 'STORE_FAILED', message: 'The store is closed.' }
    await expect(store.users.get('x')).rejects.toMatchObject(closed)
    await expect(store.clients.authenticate('x', 'y')).rejects.toMatchObject(closed)
    await expect(store.logins.forgetExpired(0)).rejects.toMatchObject(closed)
    await expect(store.keys.load()).rejects.toMatchObject(closed)
  })
})

test.each(['', 'memory', 'sqlite:', 'sqlite://host/x.db', 'postgres://u:hunter2@h/db', '/tmp/x.db', 'file:x.db'])(
  'the URL %j is refused, and not repeated',
  async (url) => {
    const error: unknown = await openStore(url).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect((error as Error).message).not.toContain('hunter2')
  },
)
