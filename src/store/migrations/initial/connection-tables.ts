import type { Kysely } from 'kysely'
import { generateId } from '../../sql/database/generate-id.ts'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/** Connections with the assertions they used, and the database connection that a password login uses if it names none. */
export async function createConnectionTables(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('connections')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('strategy', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text')
    .addColumn('document', documentType, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('connections_issuer').on('connections').column('issuer').execute()
  await db.schema
    .createTable('used_assertions')
    .addColumn('connection_id', 'text', (column) => column.notNull().references('connections.id').onDelete('cascade'))
    .addColumn('jti_hash', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('used_assertions_key', ['connection_id', 'jti_hash'])
    .execute()
  await db.schema.createIndex('used_assertions_expires').on('used_assertions').column('expires_at_ms').execute()
  await db
    .insertInto('connections')
    .values({
      id: generateId('con'),
      name: 'Username-Password-Authentication',
      strategy: 'auth0',
      issuer: null,
      document: JSON.stringify({ options: {} }),
    })
    .execute()
}
