import type { Kysely } from 'kysely'
import type { SqlDialect } from '../sql/database/dialect.ts'
import type { Tables } from '../sql/database/tables.ts'

/** Logins whose users were sent to another page. */
export async function createRedirectTables(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('redirects')
    .addColumn('state_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.user_id').onDelete('cascade'))
    .addColumn('document', documentType, (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('redirects_user').on('redirects').column('user_id').execute()
  await db.schema.createIndex('redirects_expires').on('redirects').column('expires_at_ms').execute()
}
