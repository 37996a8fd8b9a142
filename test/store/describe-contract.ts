import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { contract } from './contract.ts'
import type { TestDatabase } from './databases.ts'
import { startMs } from './store-case.ts'

/** Runs the whole contract on each of these databases. */
export function describeContract(databases: readonly TestDatabase[]): void {
  describe.each(databases)('a store on %s', (_, freshUrl) => {
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
}
