import type { Kysely } from 'kysely'
import type { Tables } from '../../sql/database/tables.ts'

/** Rules, their configuration, and a version that counts the changes of both. */
export async function createRuleTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('rules')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('script', 'text', (column) => column.notNull())
    .addColumn('order', 'double precision', (column) => column.notNull())
    .addColumn('enabled', 'boolean', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addUniqueConstraint('rules_order', ['stage', 'order'])
    .execute()
  await db.schema
    .createTable('rules_configs')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('rules_version')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .execute()
  await db.insertInto('rules_version').values({ version: 0 }).execute()
}
