import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import type { SearchDialect } from '../../search/search-sql.ts'
import type { Sql } from '../../search/template.ts'
import type { Tables } from './tables.ts'

/** The differences between the databases. Everything else is written once, with Kysely. */
export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres'
  /** The column type of JSON that queries read. The database may reorder its keys. */
  readonly jsonType: 'text' | 'jsonb'
  /** The column type of a JSON document that is returned as it was written. */
  readonly documentType: 'text' | 'json'
  /** The column type of text that is compared and sorted by its bytes, whatever the locale of the database. */
  readonly byteOrderedText: 'text' | RawBuilder<unknown>
  /** An expression for queries over `users`: the user's identity documents, in order, as one JSON array. */
  readonly identitiesExpression: string
  /** Locks the rows of `users` that a query reads until its transaction ends. */
  lockUsers<Result>(query: SelectQueryBuilder<Tables, 'users', Result>): SelectQueryBuilder<Tables, 'users', Result>
  /**
   * - `conflict`: a unique key is taken.
   * - `missingReference`: the row of a foreign key does not exist.
   * - `busy`: another connection holds a lock; nothing was done, and the work can be retried.
   * - `timeout`: a search exceeded its deadline.
   */
  classifyError(error: unknown): 'conflict' | 'missingReference' | 'busy' | 'timeout' | 'other'
  readonly search: SearchDialect
}

/** The values of each row, in the order of the query. Databases return them faster without column names. */
export type Rows = readonly (readonly unknown[])[]

export interface IndexedQuery {
  /** The name of the prepared statement; one text has one name. */
  readonly name: string
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/**
 * How many rows a search may read.
 *
 * - `key`: one user or two, by a key.
 * - `narrow`: probably few, by an index.
 * - `wide`: any number.
 */
export type Selectivity = 'key' | 'narrow' | 'wide'

export interface SearchOptions {
  readonly timeoutMs: number
  readonly selectivity: Selectivity
}

/** An open database. */
export interface SqlConnection {
  readonly dialect: SqlDialect
  readonly kysely: Kysely<Tables>
  /** The schema of the tables, if the database has schemas. */
  readonly schema?: string
  /** Runs a query whose text is always the same and that is quick because of an index. */
  lookUp(query: IndexedQuery): Promise<Rows>
  /** Runs a query that may be slow, apart from other queries. If it exceeds `timeoutMs`, its error is a `timeout`. */
  search(query: Sql, options: SearchOptions): Promise<Rows>
  /** Closes the connections and threads of searches. */
  close(): Promise<void>
}
