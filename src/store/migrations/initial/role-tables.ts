import type { Kysely } from 'kysely'
import type { Tables } from '../../sql/database/tables.ts'

/** Roles, and the users who have them. */
export async function createRoleTables(db: Kysely<Tables>): Promise<void> {
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
}
