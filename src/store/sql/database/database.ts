import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Rows, SearchOptions, SqlConnection, SqlDialect } from './dialect.ts'
import type { Sql } from '../../search/template.ts'
import { retryWhileBusy } from './retry-while-busy.ts'
import type { Tables } from './tables.ts'

/** Runs queries, and turns what the database throws into our errors. */
export interface Database {
  readonly dialect: SqlDialect
  /** For one statement. `conflict` is the message of STORE_CONFLICT, when a key is taken or its owner is gone. */
  run<Result>(work: (db: Kysely<Tables>) => Promise<Result>, conflict?: string): Promise<Result>
  /** For several statements: all of them, or none. Another process's writes wait or are waited for. */
  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>, conflict?: string): Promise<Result>
  /** For a query that an index answers at once: `build` writes it once, and its parameters come later. */
  lookUp(name: string, build: (db: Kysely<Tables>) => CompiledQuery): (...parameters: unknown[]) => Promise<Rows>
  /**
   * For a query that may take long. It is no query of Kysely's, which takes longer to write one than an index to answer it.
   *
   * @throws {ClaimsmithError} SEARCH_TIMEOUT when it is not done after two seconds, or after what `timeoutMs` leaves of them
   */
  search(query: Sql, options?: Partial<SearchOptions>): Promise<Rows>
  close(): Promise<void>
}

export const searchTimeoutMs = 2000
const timeoutMessage = 'The search took more than two seconds; ask for something narrower.'

export function createDatabase(connection: SqlConnection): Database {
  const { dialect, kysely } = connection
  let isClosed = false

  async function execute<Result>(work: () => Promise<Result>, conflict: string | undefined): Promise<Result> {
    if (isClosed) throw new ClaimsmithError('STORE_FAILED', 'The store is closed.')
    try {
      return await retryWhileBusy((error) => dialect.classifyError(error) === 'busy', work)
    } catch (error) {
      if (error instanceof ClaimsmithError) throw error
      const errorKind = dialect.classifyError(error)
      if (errorKind !== 'conflict' && errorKind !== 'missingReference') {
        throw new ClaimsmithError('STORE_FAILED', 'The database could not do what the store asked.', { cause: error })
      }
      // No cause: some databases quote the row that conflicts.
      throw new ClaimsmithError('STORE_CONFLICT', conflict ?? 'What was to be stored conflicts with what is there.')
    }
  }

  return {
    dialect,
    run: async (work, conflict) => await execute(() => work(kysely), conflict),
    transaction: async (work, conflict) => await execute(() => kysely.transaction().execute(work), conflict),
    lookUp(name, build) {
      const { sql } = build(kysely)
      return async (...parameters) => await execute(() => connection.lookUp({ name, sql, parameters }), undefined)
    },
    async search(query: Sql, { timeoutMs = searchTimeoutMs, selectivity = 'wide' } = {}) {
      const work = async () => {
        try {
          return await connection.search(query, { timeoutMs, selectivity })
        } catch (error) {
          throw dialect.classifyError(error) === 'timeout'
            ? new ClaimsmithError('SEARCH_TIMEOUT', timeoutMessage)
            : error
        }
      }
      return await execute(work, undefined)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await connection.close()
      await kysely.destroy()
    },
  }
}
