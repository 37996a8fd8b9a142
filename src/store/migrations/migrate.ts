import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { Migrator } from 'kysely/migration'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { SqlConnection, SqlDialect } from '../sql/database/dialect.ts'
import { retryWhileBusy } from '../sql/database/retry-while-busy.ts'
import type { Tables } from '../sql/database/tables.ts'
import { createInitialTables } from './initial/initial.ts'

type Step = (db: Kysely<Tables>, dialect: SqlDialect) => Promise<void>

/** In this order. A released step never changes; a later change of the tables is a new step. */
const steps: Readonly<Record<string, Step>> = { '001-initial': createInitialTables }

/**
 * Brings the tables up to date. Several processes may call it at the same time.
 *
 * @throws {ClaimsmithError} STORE_FAILED if a step fails; the tables are then unchanged.
 */
export async function migrate({ kysely, dialect, schema }: SqlConnection): Promise<void> {
  const migrations = Object.entries(steps).map(([name, up]): [string, Migration] => [
    name,
    { up: (db) => up(db, dialect) },
  ])
  const provider = { getMigrations: async () => Object.fromEntries(migrations) }
  // Without the schema, Kysely would accept migration tables in any schema of the database.
  const schemaOption = schema === undefined ? {} : { migrationTableSchema: schema }
  const migrator = new Migrator({ db: kysely, provider, ...schemaOption })
  try {
    await retryWhileBusy(
      (error) => dialect.classifyError(error) === 'busy',
      async () => {
        const { error } = await migrator.migrateToLatest()
        if (error !== undefined) throw error
      },
    )
  } catch (cause) {
    const message =
      "The store's tables could not be brought up to date; were they written by a newer version, or another program?"
    throw new ClaimsmithError('STORE_FAILED', message, { cause })
  }
}
