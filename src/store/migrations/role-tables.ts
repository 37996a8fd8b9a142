import type { Kysely } from 'kysely'
import type { SqlDialect } from '../sql/database/dialect.ts'
import type { Tables } from '../sql/database/tables.ts'

/** Roles with those who have them, and the log of logins. */
export async function createRoleTables(db: Kysely<Tables>, { jsonType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('roles')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('description', 'text')
    .execute()
  await db.schema
    .createTable('user_roles')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.user_id').onDelete('cascade'))
    .addColumn('role_id', 'text', (column) => column.notNull().references('roles.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('user_roles_key', ['user_id', 'role_id'])
    .execute()
  await db.schema.createIndex('user_roles_role').on('user_roles').columns(['role_id', 'user_id']).execute()
  // No foreign key: what a user did stays known when the user is deleted.
  await db.schema
    .createTable('login_logs')
    .addColumn('log_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text')
    .addColumn('at_ms', 'bigint', (column) => column.notNull())
    .addColumn('document', jsonType, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('login_logs_user').on('login_logs').columns(['user_id', 'at_ms', 'log_id']).execute()
  await db.schema.createIndex('login_logs_at').on('login_logs').column('at_ms').execute()
}
