import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { User } from '../../../src/profile/user/user.ts'
import type { NewUser, Store } from '../../../src/store/index.ts'
import { openStore } from '../../../src/store/index.ts'
import type { TestDatabase } from '../databases.ts'
import type { TestQuery } from './predicate.ts'
import { holds, write } from './predicate.ts'
import { query, user } from './random.ts'

const time = { nowMs: 0 }

/** Two of each three are created at the same moment. */
async function fill(store: Store, users: readonly NewUser[]): Promise<User[]> {
  const created: User[] = []
  for (const [index, one] of users.entries()) {
    time.nowMs = Date.UTC(2026, Math.floor(index / 3) * 2, 15, 12)
    created.push(await store.users.create({ ...one, user_id: `u${index}` }))
  }
  return created.toSorted((one, other) => Buffer.compare(Buffer.from(keyOf(one)), Buffer.from(keyOf(other))))
}

const keyOf = (one: User): string => `${String(one.created_at)} ${one.user_id}`

async function search(store: Store, asked: TestQuery): Promise<unknown> {
  const { users } = await store.users.list({ q: write(asked) }).catch((error: unknown) => {
    throw new Error(`failed: ${write(asked)}`, { cause: error })
  })
  return users.map((one) => one.user_id)
}

/** Compares what searches find on each of these databases with a plain look at the profiles. */
export function describeDifferential(databases: readonly TestDatabase[]): void {
  describe.each(databases)('a search on %s', (_, freshUrl) => {
    test('finds, among any users, whom a plain look at the profiles finds', { timeout: 120_000 }, async () => {
      const store = await openStore(await freshUrl(), { clock: () => time.nowMs })
      onTestFinished(() => store.close())
      const seen = { searches: 0, finds: 0 }
      const users = fc.array(user, { minLength: 6, maxLength: 12 })
      const queries = fc.array(query, { minLength: 30, maxLength: 30 })
      await fc.assert(
        fc.asyncProperty(users, queries, async (people, asked) => {
          const profiles = await fill(store, people)
          try {
            for (const one of asked) {
              const expected = profiles.filter((profile) => holds(one, profile)).map((profile) => profile.user_id)
              expect(await search(store, one), write(one)).toEqual(expected)
              seen.searches += 1
              if (expected.length > 0 && expected.length < profiles.length) seen.finds += 1
            }
          } finally {
            for (const { user_id: id = '' } of profiles) await store.users.delete(id)
          }
        }),
        { numRuns: 25 },
      )
      // Searches that find everybody or nobody would agree for the wrong reasons.
      expect(seen.finds).toBeGreaterThan(seen.searches / 5)
    })
  })
}
