import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { LRUCache } from '../../cache/lru-cache.ts'
import type { Rows } from '../sql/database/dialect.ts'

/** A query that fails after its deadline, in milliseconds since 1970. */
export interface SqliteSearch {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly deadlineMs: number
}

/** The name of the error of a search that exceeded its deadline. */
export const deadlineErrorName = 'DeadlinePassed'

const maxStatements = 64

/**
 * Runs searches on a connection. Their queries call `before_deadline()`, which throws after the deadline.
 *
 * `node:sqlite` cannot interrupt a statement, but a function that throws ends it.
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

/** SQLite has no booleans. */
export function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
