import { describe, expect, test } from 'vitest'
import type { Store } from '../../../src/store/index.ts'
import { openStore } from '../../../src/store/index.ts'
import { testDatabases } from '../databases.ts'
import { connection, startMs } from '../store-case.ts'
import { hostileQueries } from './hostile.ts'
import { randomQueries } from './noise.ts'
import { createPeople } from './people.ts'

const atOnce = 50

/** How many searches of each kind there were; anything else than a page or a refusal fails the test. */
async function search(store: Store, queries: readonly string[]): Promise<{ pages: number; refusals: number }> {
  const seen = { pages: 0, refusals: 0 }
  for (let start = 0; start < queries.length; start += atOnce) {
    const batch = queries.slice(start, start + atOnce).map(async (q) => {
      try {
        const page = await store.users.list({ q })
        expect(page.users.length, q).toBe(page.length)
        seen.pages += 1
      } catch (error) {
        expect((error as { code?: unknown }).code, JSON.stringify(q)).toMatch(/^(?:INVALID_QUERY|SEARCH_TIMEOUT)$/)
        seen.refusals += 1
      }
    })
    await Promise.all(batch)
  }
  return seen
}

describe.each(testDatabases())('searching on %s', (_, freshUrl) => {
  test('10,000 random and 1,000 hostile strings find users or are refused, and change nothing', async () => {
    const time = { nowMs: startMs }
    const store = await openStore(await freshUrl(), { clock: () => time.nowMs })
    try {
      await createPeople({ store, time })
      const login = { connection, identifier: 'canary@example.com', password: 'correct horse' }
      await store.users.create({ connection, email: login.identifier, password: login.password })
      const before = await store.users.list({ includeTotals: true })

      const random = await search(store, randomQueries(10_000))
      expect(random.pages).toBeGreaterThan(500)
      expect(random.refusals).toBeGreaterThan(500)
      expect(hostileQueries.length).toBeGreaterThan(1_000)
      const hostile = await search(store, hostileQueries)
      expect(hostile.pages).toBeGreaterThan(200)

      expect(await store.users.list({ includeTotals: true })).toEqual(before)
      expect(await store.users.authenticate(login)).toMatchObject({ email: login.identifier })
    } finally {
      await store.close()
    }
  }, 60_000)
})
