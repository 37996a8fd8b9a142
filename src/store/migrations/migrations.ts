import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { Migrator } from 'kysely/migration'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createConnectionTables } from './connection-tables.ts'
import { createJobTables } from './job-tables.ts'
import type { SqlConnection, SqlDialect } from '../sql/database/dialect.ts'
import { createFirstTables } from './first-tables.ts'
import { retryWhileBusy } from '../sql/database/retry-while-busy.ts'
import { createRedirectTables } from './redirect-tables.ts'
import { createSearchTables } from './search-tables.ts'
import { createRoleTables } from './role-tables.ts'
import { createRuleTables } from './rule-tables.ts'
import type { Tables } from '../sql/database/tables.ts'

type Step = (db: Kysely<Tables>, dialect: SqlDialect) => Promise<void>

/** In this order; a step that was released is never changed, a new one is added. */
const steps: Readonly<Record<string, Step>> = {
  '001-first-tables': createFirstTables,
  '002-connections': createConnectionTables,
  '003-search': createSearchTables,
  '005-roles-and-logs': createRoleTables,
  '006-rules': createRuleTables,
  '007-jobs': createJobTables,
  '008-redirects': createRedirectTables,
}

/**
 * Brings the tables up to date; safe when several processes start at once.
 *
 * @throws {ClaimsmithError} STORE_FAILED; the tables are then as they were.
 */
export async function migrate({ kysely, dialect, schema }: SqlConnection): Promise<void> {
  const migrations = Object.entries(steps).map(([name, up]): [string, Migration] => [
    name,
    { up: (db) => up(db, dialect) },
  ])
  const provider = { getMigrations: async () => Object.fromEntries(migrations) }
  // Without it, tables of the same name anywhere in the database would count as ours.
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
