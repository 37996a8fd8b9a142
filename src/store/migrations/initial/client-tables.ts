import type { Kysely } from 'kysely'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/** Clients, and the server's signing keys. */
export async function createClientTables(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('clients')
    .addColumn('client_id', 'text', (column) => column.primaryKey())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('document', documentType, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('keyrings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('jwks', documentType, (column) => column.notNull())
    .execute()
}
