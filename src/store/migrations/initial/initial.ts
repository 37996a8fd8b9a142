import type { Kysely } from 'kysely'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'
import { createClientTables } from './client-tables.ts'
import { createConnectionTables } from './connection-tables.ts'
import { createJobTables } from './job-tables.ts'
import { createLoginTables } from './login-tables.ts'
import { createRoleTables } from './role-tables.ts'
import { createRuleTables } from './rule-tables.ts'
import { createUserIndexes } from './user-indexes.ts'
import { createUserTables } from './user-tables.ts'

/** The tables of the first release. `tables.ts` describes each column. */
export async function createInitialTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  await createUserTables(db, dialect)
  await createUserIndexes(db, dialect)
  await createClientTables(db, dialect)
  await createConnectionTables(db, dialect)
  await createLoginTables(db, dialect)
  await createRoleTables(db)
  await createRuleTables(db)
  await createJobTables(db, dialect)
}
