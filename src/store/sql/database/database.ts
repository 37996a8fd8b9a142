import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Rows, SearchOptions, SqlConnection, SqlDialect } from './dialect.ts'
import type { Sql } from '../../search/template.ts'
import { retryWhileBusy } from './retry-while-busy.ts'
import type { Tables } from './tables.ts'

/** Runs queries, and converts the errors of the database to ClaimsmithErrors. */
export interface Database {
  readonly dialect: SqlDialect
  /** Runs one statement. `conflictMessage` is the message of STORE_CONFLICT if a key is taken or a foreign key's row is missing. */
  run<Result>(work: (db: Kysely<Tables>) => Promise<Result>, conflictMessage?: string): Promise<Result>
  /** Runs several statements in one transaction. It is retried while another process holds a lock. */
  transaction<Result>(work: (db: Transaction<Tables>) => Promise<Result>, conflictMessage?: string): Promise<Result>
  /** Prepares a query that is quick because of an index. `build` is called once; each call of the result gives the parameters. */
  lookUp(name: string, build: (db: Kysely<Tables>) => CompiledQuery): (...parameters: unknown[]) => Promise<Rows>
  /**
   * Runs a query that may be slow. It is not built with Kysely, which needs more time to build a query than an index to
   * answer it.
   *
   * @throws {ClaimsmithError} SEARCH_TIMEOUT if it takes more than `timeoutMs`, by default two seconds.
   */
  search(query: Sql, options?: Partial<SearchOptions>): Promise<Rows>
  close(): Promise<void>
}

export const searchTimeoutMs = 2000
const timeoutMessage = 'The search took more than two seconds; ask for something narrower.'

export function createDatabase(connection: SqlConnection): Database {
  const { dialect, kysely } = connection
  let isClosed = false

  async function execute<Result>(work: () => Promise<Result>, conflictMessage: string | undefined): Promise<Result> {
    if (isClosed) throw new ClaimsmithError('STORE_FAILED', 'The store is closed.')
    try {
      return await retryWhileBusy((error) => dialect.classifyError(error) === 'busy', work)
    } catch (error) {
      if (error instanceof ClaimsmithError) throw error
      const errorKind = dialect.classifyError(error)
      if (errorKind !== 'conflict' && errorKind !== 'missingReference') {
        throw new ClaimsmithError('STORE_FAILED', 'The database could not run a query of the store.', { cause: error })
      }
      // Without the cause: some databases quote the conflicting row in it.
      throw new ClaimsmithError('STORE_CONFLICT', conflictMessage ?? 'The new data conflicts with stored data.')
    }
  }

  return {
    dialect,
    run: async (work, conflictMessage) => await execute(() => work(kysely), conflictMessage),
    transaction: async (work, conflictMessage) =>
      await execute(() => kysely.transaction().execute(work), conflictMessage),
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
