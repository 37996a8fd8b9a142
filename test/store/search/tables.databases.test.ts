import { describe, expect, test } from 'vitest'
import { createFirstTables } from '../../../src/store/migrations/first-tables.ts'
import { openPostgres } from '../../../src/store/sql/database/postgres.ts'
import { createSearchTables } from '../../../src/store/migrations/search-tables.ts'
import { openSqlite } from '../../../src/store/sql/database/sqlite.ts'
import { createDatabase } from '../../../src/store/sql/database/database.ts'
import { listUsers } from '../../../src/store/sql/users/list-users.ts'
import { testDatabases } from '../databases.ts'

describe.each(testDatabases().filter(([name]) => name !== 'SQLite in memory'))(
  'a store on %s that is from before there were searches',
  (_, freshUrl) => {
    test('finds its users by what they had then', async () => {
      const url = await freshUrl()
      const connection = url.startsWith('postgres') ? await openPostgres(url) : openSqlite(url.slice('sqlite:'.length))
      const { kysely, dialect } = connection
      const database = createDatabase(connection)
      try {
        await createFirstTables(kysely, dialect)
        const users = Array.from({ length: 1_001 }, (_one, index) => ({
          user_id: `auth0|${String(index).padStart(4, '0')}`,
          email: `U${index}@Example.com`,
          name: `User ${index}`,
          created_at: '2026-01-01T00:00:00.000Z',
          updated_at: '2026-01-01T00:00:00.000Z',
          app_metadata: JSON.stringify({ number: index }),
          attributes: '{}',
          logins_count: 0,
        }))
        for (let start = 0; start < users.length; start += 500) {
          await kysely
            .insertInto('users')
            .values(users.slice(start, start + 500))
            .execute()
        }
        await kysely.transaction().execute(async (db) => await createSearchTables(db, dialect))
        for (const q of ['name:"USER 1000"', 'email.domain:example.com AND app_metadata.number:1000']) {
          const found = await listUsers(database, { q })
          expect(
            found.users.map((user) => user.user_id),
            q,
          ).toEqual(['auth0|1000'])
        }
      } finally {
        await database.close()
      }
    })
  },
)
