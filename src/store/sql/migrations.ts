import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { Migrator } from 'kysely/migration'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { SqlConnection, SqlDialect } from './dialect.ts'
import { createFirstTables } from './first-tables.ts'
import { withPatience } from './patience.ts'
import type { Tables } from './tables.ts'

type Step = (db: Kysely<Tables>, dialect: SqlDialect) => Promise<void>

/** In this order; a step that was released is never changed, a new one is added. */
const steps: Readonly<Record<string, Step>> = {
  '001-first-tables': createFirstTables,
}

/**
 * Brings the tables up to date; safe when several processes start at once.
 *
 * @throws {ClaimsmithError} STORE_FAILED; the tables are then as they were.
 */
export async function migrate({ kysely, dialect }: SqlConnection): Promise<void> {
  const migrations = Object.entries(steps).map(([name, up]): [string, Migration] => [
    name,
    { up: (db) => up(db, dialect) },
  ])
  const provider = { getMigrations: async () => Object.fromEntries(migrations) }
  const migrator = new Migrator({ db: kysely, provider })
  try {
    await withPatience(
      (error) => dialect.failureOf(error) === 'busy',
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
