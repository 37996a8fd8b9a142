import type { Kysely, RawBuilder, SelectQueryBuilder } from 'kysely'
import type { SearchDialect } from '../../search/search-sql.ts'
import type { Sql } from '../../search/template.ts'
import type { Tables } from './tables.ts'

/** What differs from one database to the next; everything else is written once, in Kysely. */
export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres'
  /** The column type of JSON that queries look into; it may come back with its keys in another order. */
  readonly jsonType: 'text' | 'jsonb'
  /** The column type of a JSON document that comes back as it was written. */
  readonly documentType: 'text' | 'json'
  /** The column type of text that is compared and sorted by its bytes, whatever the locale of the database. */
  readonly byteOrderedText: 'text' | RawBuilder<unknown>
  /** Inside a query over `users`: the user's identity documents, in order, as one JSON array. */
  readonly identitiesExpression: string
  /** Holds the rows of `users` that a query reads until its transaction ends. */
  lockUsers<Result>(query: SelectQueryBuilder<Tables, 'users', Result>): SelectQueryBuilder<Tables, 'users', Result>
  /**
   * `taken`: a unique key is there already. `orphan`: a foreign key's row is not there. `busy`: somebody else holds the
   * database, nothing was done, and it can be tried again. `late`: the deadline of a search passed.
   */
  classifyError(error: unknown): 'conflict' | 'missingReference' | 'busy' | 'timeout' | 'other'
  readonly search: SearchDialect
}

/** The values of each row, in the order of the query: databases are quicker to return them without their names. */
export type Rows = readonly (readonly unknown[])[]

export interface IndexedQuery {
  /** Of the text. */
  readonly name: string
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** How many rows a search may look at: those of a key, a user or two; most likely few, of an index; or any number. */
export type Selectivity = 'key' | 'narrow' | 'wide'

export interface SearchOptions {
  readonly timeoutMs: number
  readonly selectivity: Selectivity
}

/** An open database. */
export interface SqlConnection {
  readonly dialect: SqlDialect
  readonly kysely: Kysely<Tables>
  /** Where the tables are, in a database that has several such places. */
  readonly schema?: string
  /** Runs a query that an index answers at once, and whose text is always the same. */
  lookUp(query: IndexedQuery): Promise<Rows>
  /** Runs a query that may take long, away from the others; it fails as `late` when it takes longer than it may. */
  search(query: Sql, options: SearchOptions): Promise<Rows>
  /** Ends what searches run on. */
  close(): Promise<void>
}
