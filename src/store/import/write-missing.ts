import type { Transaction } from 'kysely'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { Tables } from '../sql/database/tables.ts'
import type { Database } from '../sql/database/database.ts'
import { userConflictMessage } from '../sql/users/parts.ts'

const maxTries = 5

/**
 * Runs a transaction that looks users up and inserts those that do not exist. If another process inserts one of them in
 * between, the transaction is retried and then finds it.
 */
export async function writeMissing<Result>(
  database: Database,
  work: (db: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.transaction(work, userConflictMessage)
    } catch (error) {
      const isConflict = error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT'
      if (!isConflict || tries === maxTries) throw error
    }
  }
}
