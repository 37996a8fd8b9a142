import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DialectAdapter, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely'
import { LRUCache } from 'lru-cache'
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

/** Takes the write lock at the start: a transaction that reads first could not get it later, when another process writes. */
function createDriver(config: { readonly database: SqliteDatabase }): Driver {
  return Object.assign(new SqliteDriver(config), {
    beginTransaction: async (connection: Parameters<Driver['beginTransaction']>[0]) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    },
  })
}

/** SQLite can undo DDL; Kysely only assumes otherwise. So migrations run in one transaction, and in one process at a time. */
const adapter: DialectAdapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })

/** node:sqlite as the kind of database that Kysely expects, with prepared statements kept. */
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
