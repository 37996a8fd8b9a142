import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'
import type { DialectAdapter, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import { CompiledQuery, Kysely, SqliteAdapter, SqliteDialect, SqliteDriver, sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { SqlConnection, SqlDialect } from './dialect.ts'
import type { Tables } from './tables.ts'

const sqliteDialect: SqlDialect = {
  jsonType: 'text',
  identitiesOfUser: sql`(select json_group_array(json(document) order by position) from identities where identities.user_id = users.user_id)`,
  failureOf(error) {
    const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _FOREIGNKEY (sqlite.org/rescode.html)
    if (code === 1555 || code === 2067) return 'taken'
    if (code === 787) return 'orphan'
    // SQLITE_BUSY, with whatever detail is in the upper bits
    return typeof code === 'number' && (code & 0xff) === 5 ? 'busy' : 'other'
  },
}

/** Opens a database file, made when it is not there (for its owner only: it holds private keys), or one in `:memory:`. */
export function openSqlite(path: string): SqlConnection {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(path, 'a', 0o600))
  }
  const database = new DatabaseSync(path, { timeout: openTimeoutMs, enableForeignKeyConstraints: true })
  // WAL: readers do not wait for the writer. FULL: what was acknowledged survives a power cut.
  if (path !== ':memory:') database.exec('pragma journal_mode = wal; pragma synchronous = full')
  // From here on we wait outside, in `patience.ts`.
  database.exec('pragma busy_timeout = 0')
  return { dialect: sqliteDialect, kysely: new Kysely<Tables>({ dialect: kyselyDialect(database) }) }
}

const openTimeoutMs = 5000
const maxStatements = 256

function kyselyDialect(database: DatabaseSync): SqliteDialect {
  const config = { database: adapt(database) }
  return Object.assign(new SqliteDialect(config), { createDriver: () => driver(config), createAdapter: () => adapter })
}

/** Takes the write lock at the start: a transaction that reads first could not get it later, when another process writes. */
function driver(config: { readonly database: SqliteDatabase }): Driver {
  return Object.assign(new SqliteDriver(config), {
    beginTransaction: async (connection: Parameters<Driver['beginTransaction']>[0]) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    },
  })
}

/** SQLite can undo DDL; Kysely only assumes otherwise. So migrations run in one transaction, and in one process at a time. */
const adapter: DialectAdapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })

/** node:sqlite as the kind of database that Kysely expects, with prepared statements kept. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new LRUCache<string, SqliteStatement>({ max: maxStatements })
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = statements.get(text) ?? adaptStatement(database.prepare(text))
      statements.set(text, statement)
      return statement
    },
  }
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toSqlite)),
    run: (parameters) => statement.run(...parameters.map(toSqlite)),
    iterate: (parameters) => statement.iterate(...parameters.map(toSqlite)),
  }
}

function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
