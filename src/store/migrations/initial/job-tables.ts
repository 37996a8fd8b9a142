import type { Kysely } from 'kysely'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/** Imports and exports of users, and the errors of an import. */
export async function createJobTables(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('connection_id', 'text')
    .addColumn('parameters', documentType, (column) => column.notNull())
    .addColumn('slot', 'integer')
    .addColumn('input', 'text')
    .addColumn('total', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('inserted', 'integer', (column) => column.notNull())
    .addColumn('updated', 'integer', (column) => column.notNull())
    .addColumn('failed', 'integer', (column) => column.notNull())
    .addColumn('status_details', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('lease_id', 'text')
    .addColumn('lease_until_ms', 'bigint', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('jobs_slot').unique().on('jobs').columns(['type', 'slot']).execute()
  await db.schema.createIndex('jobs_created').on('jobs').column('created_at_ms').execute()
  await db.schema
    .createTable('job_errors')
    .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('document', documentType, (column) => column.notNull())
    .addPrimaryKeyConstraint('job_errors_key', ['job_id', 'position'])
    .execute()
}
