import type { Kysely, RawBuilder } from 'kysely'
import type { Tables } from './tables.ts'

/** What differs from one database to the next; everything else is written once, in Kysely. */
export interface SqlDialect {
  /** The column type that holds a JSON document. */
  readonly jsonType: 'text' | 'jsonb'
  /** Inside a query over `users`: the user's identity documents, in order, as one JSON array. */
  readonly identitiesOfUser: RawBuilder<unknown>
  /**
   * `taken`: a unique key is there already. `orphan`: a foreign key's row is not there. `busy`: somebody else holds the
   * database, nothing was done, and it can be tried again.
   */
  failureOf(error: unknown): 'taken' | 'orphan' | 'busy' | 'other'
}

/** An open database. */
export interface SqlConnection {
  readonly dialect: SqlDialect
  readonly kysely: Kysely<Tables>
}
