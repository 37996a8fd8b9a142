import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import type { Rows } from '../sql/database/dialect.ts'

/** A query that ends with an error when its deadline, in milliseconds since 1970, has passed. */
export interface SqliteSearch {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly deadlineMs: number
}

/** The name of what a search fails with when its deadline has passed. */
export const deadlineErrorName = 'DeadlinePassed'

const maxStatements = 64

/**
 * Runs searches on a connection, whose queries may call `before_deadline()`.
 *
 * `node:sqlite` cannot interrupt a statement; a function that throws ends it.
 */
export function createSqliteRunner(database: DatabaseSync): (search: SqliteSearch) => Rows {
  const statements = new LRUCache<string, StatementSync>({ max: maxStatements })
  let deadlineMs = Number.POSITIVE_INFINITY
  database.function('before_deadline', () => {
    if (Date.now() <= deadlineMs) return 1
    throw Object.assign(new Error('The search took too long.'), { name: deadlineErrorName })
  })

  function prepare(text: string): StatementSync {
    const statement = database.prepare(text)
    statement.setReturnArrays(true)
    statements.set(text, statement)
    return statement
  }

  return (search) => {
    const statement = statements.get(search.sql) ?? prepare(search.sql)
    deadlineMs = search.deadlineMs
    return statement.all(...search.parameters.map(toSqlite)) as unknown as Rows
  }
}

/** SQLite has no truth values. */
export function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
