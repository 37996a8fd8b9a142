import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createDatabase, searchTimeoutMs } from '../../../src/store/sql/database/database.ts'
import type { SqlConnection } from '../../../src/store/sql/database/dialect.ts'
import { openPostgres } from '../../../src/store/sql/database/postgres.ts'
import { openSqlite } from '../../../src/store/sql/database/sqlite.ts'
import { raw } from '../../../src/store/search/template.ts'
import { testDatabases } from '../databases.ts'

const numbers = 'with recursive numbers(n) as (select 1 union all select n + 1 from numbers)'
const endless = {
  sqlite: `${numbers} select count(*) from numbers where before_deadline()`,
  postgres: `${numbers} select count(*) from numbers`,
}

async function open(url: string): Promise<SqlConnection> {
  if (url.startsWith('postgres')) return await openPostgres(url)
  return openSqlite(url === 'memory:' ? ':memory:' : url.slice('sqlite:'.length))
}

describe.each(testDatabases())('a search on %s', (name, freshUrl) => {
  test('that does not end is ended at its deadline, while other things go on, and the next one runs', async () => {
    const connection = await open(await freshUrl())
    const database = createDatabase(connection)
    try {
      const events: unknown[] = []
      const text = endless[connection.dialect.name]
      const search = database.search(raw(text), { timeoutMs: 300 }).catch((error: unknown) => events.push(error))
      for (let turn = 0; turn < 100; turn++) await setImmediate()
      events.push('a hundred turns of the event loop')
      await search
      // A database in memory has one connection, in this thread.
      if (name !== 'SQLite in memory') expect(events[0]).toBe('a hundred turns of the event loop')
      expect(events).toContainEqual(expect.objectContaining({ code: 'SEARCH_TIMEOUT' }))
      expect(await database.search(raw('select 1 as one'))).toEqual([[1]])
    } finally {
      await database.close()
    }
  })

  test('that has less than two seconds is ended when it has had them, and the next one has all of its own', async () => {
    const connection = await open(await freshUrl())
    const database = createDatabase(connection)
    try {
      const text = endless[connection.dialect.name]
      const late = { code: 'SEARCH_TIMEOUT' }
      await expect(database.search(raw(text), { timeoutMs: 50 })).rejects.toMatchObject(late)
      if (name !== 'PostgreSQL') return
      await expect(database.search(raw('select 1'), { timeoutMs: 0 })).rejects.toMatchObject(late)
      const setting = raw("select setting::int as ms from pg_settings where name = 'statement_timeout'")
      const [[ms] = []] = await database.search(setting, { timeoutMs: 300 })
      expect(ms).toBeGreaterThan(0)
      expect(ms).toBeLessThanOrEqual(300)
      expect(await database.search(setting)).toEqual([[searchTimeoutMs]])
    } finally {
      await database.close()
    }
  })

  test('that the database cannot do fails as such', async () => {
    const connection = await open(await freshUrl())
    const database = createDatabase(connection)
    const failed = database.search(raw('select * from nowhere'))
    await expect(failed).rejects.toMatchObject({ code: 'STORE_FAILED' })
    await database.close()
  })
})
