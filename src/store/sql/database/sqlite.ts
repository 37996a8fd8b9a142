import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite'
import { CompiledQuery, Kysely } from 'kysely'
import { sqliteSearch } from '../../search/sqlite-dialect.ts'
import { createThread } from '../../thread/thread.ts'
import type { Rows, SqlConnection, SqlDialect } from './dialect.ts'
import { createSqlCompiler } from '../../search/template.ts'
import type { SqliteSearch } from '../../search/sqlite-runner.ts'
import { deadlineErrorName, createSqliteRunner } from '../../search/sqlite-runner.ts'
import { createKyselyDialect } from './sqlite-kysely.ts'
import type { Tables } from './tables.ts'

const sqliteDialect: SqlDialect = {
  name: 'sqlite',
  jsonType: 'text',
  documentType: 'text',
  byteOrderedText: 'text',
  identitiesExpression: `(select json_group_array(json(document) order by position) from identities where identities.user_id = users.user_id)`,
  // A transaction locks the whole database from its start.
  lockUsers: (query) => query,
  search: sqliteSearch,
  classifyError(error) {
    if (error instanceof Error && error.name === deadlineErrorName) return 'timeout'
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _FOREIGNKEY (sqlite.org/rescode.html)
    if (code === 1555 || code === 2067) return 'conflict'
    if (code === 787) return 'missingReference'
    // SQLITE_BUSY; the upper bits hold details
    return typeof code === 'number' && (code & 0xff) === 5 ? 'busy' : 'other'
  },
}

/** Opens `:memory:` or a database file. A new file is readable by its owner only, because it holds private keys. */
export function openSqlite(path: string): SqlConnection {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(path, 'a', 0o600))
  }
  const database = openDatabase(path, { timeout: openTimeoutMs, enableForeignKeyConstraints: true })
  // WAL: readers do not wait for the writer. FULL: an acknowledged write survives a power cut.
  if (path !== ':memory:') database.exec('pragma journal_mode = wal; pragma synchronous = full')
  // From here on `retryWhileBusy` waits, not SQLite.
  database.exec('pragma busy_timeout = 0')
  const kysely = new Kysely<Tables>({ dialect: createKyselyDialect(database) })
  return { dialect: sqliteDialect, kysely, ...(path === ':memory:' ? openInMemory(database, kysely) : openFile(path)) }
}

/** Not a static import: Node.js 20 has no node:sqlite, and would fail before we can name the version that is needed. */
function openDatabase(path: string, options: DatabaseSyncOptions): DatabaseSync {
  const sqlite = process.getBuiltinModule('node:sqlite')
  return new sqlite.DatabaseSync(path, options)
}

type SqliteReaders = Pick<SqlConnection, 'lookUp' | 'search' | 'close'>

/** A database in memory has one connection only, so a search blocks the event loop, until its deadline at most. */
function openInMemory(database: DatabaseSync, kysely: Kysely<Tables>): SqliteReaders {
  const search = createSqliteRunner(database)
  const write = createSqlCompiler((number) => `?${number}`)
  return {
    // Through Kysely, so that it waits for open transactions.
    async lookUp({ sql: text, parameters }) {
      const { rows } = await kysely.executeQuery<object>(CompiledQuery.raw(text, [...parameters]))
      return rows.map((row) => Object.values(row) as unknown[])
    },
    async search(query, { timeoutMs }) {
      const { text, values } = write(query)
      return search({ sql: text, parameters: values, deadlineMs: Date.now() + timeoutMs })
    },
    close: async () => {},
  }
}

/**
 * Searches of a file run in a thread with a separate connection, so that none blocks the event loop.
 *
 * A round trip to the thread costs more than a search that an index answers. So a search that is probably quick runs here
 * first, for at most `inlineSearchMs`.
 */
function openFile(path: string): SqliteReaders {
  const database = openDatabase(path, { readOnly: true })
  // 64 MB keep most index pages of 100,000 users in memory.
  database.exec('pragma cache_size = -64000')
  const search = createSqliteRunner(database)
  const write = createSqlCompiler((number) => `?${number}`)
  const thread = createThread<SqliteSearch, Rows>({
    url: new URL('../../search/sqlite-search-thread', import.meta.url),
    workerData: path,
    purpose: 'that searches',
  })
  return {
    lookUp: async ({ sql: text, parameters }) =>
      search({ sql: text, parameters, deadlineMs: Number.POSITIVE_INFINITY }),
    async search(query, { timeoutMs, selectivity }) {
      const { text, values: parameters } = write(query)
      try {
        if (selectivity !== 'wide') return search({ sql: text, parameters, deadlineMs: Date.now() + inlineSearchMs })
      } catch (error) {
        if (sqliteDialect.classifyError(error) !== 'timeout') throw error
      }
      await thread.ready()
      return await thread.call({ sql: text, parameters, deadlineMs: Date.now() + timeoutMs })
    },
    async close() {
      await thread.close()
      database.close()
    },
  }
}

const inlineSearchMs = 5
const openTimeoutMs = 5000
