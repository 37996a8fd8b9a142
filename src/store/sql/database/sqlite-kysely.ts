import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DialectAdapter, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely'
import { LRUCache } from '../../../cache/lru-cache.ts'
import { toSqlite } from '../../search/sqlite-runner.ts'

const maxStatements = 256

/** Kysely's SQLite dialect over node:sqlite. */
export function createKyselyDialect(database: DatabaseSync): SqliteDialect {
  const config = { database: adaptDatabase(database) }
  return Object.assign(new SqliteDialect(config), {
    createDriver: () => createDriver(config),
    createAdapter: () => adapter,
  })
}

/** Takes the write lock at the start. A transaction that reads first cannot get it later if another process has written. */
function createDriver(config: { readonly database: SqliteDatabase }): Driver {
  return Object.assign(new SqliteDriver(config), {
    beginTransaction: async (connection: Parameters<Driver['beginTransaction']>[0]) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    },
  })
}

/** SQLite can roll DDL back, although Kysely assumes it cannot. So migrations run in one transaction, in one process at a time. */
const adapter: DialectAdapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })

/** Adapts node:sqlite to the interface that Kysely expects, and caches prepared statements. */
function adaptDatabase(database: DatabaseSync): SqliteDatabase {
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
