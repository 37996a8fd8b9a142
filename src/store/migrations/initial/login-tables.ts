import type { Kysely } from 'kysely'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/** Remembered logins, their refresh tokens, suspended logins, and the log of all logins. */
export async function createLoginTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  await createLogins(db, dialect)
  await createRefreshTokens(db)
  await createRedirects(db, dialect)
  await createLoginLogs(db, dialect)
}

async function createLogins(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('logins')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.user_id').onDelete('cascade'))
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('profile', documentType, (column) => column.notNull())
    .addColumn('id_token_claims', documentType, (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('logins_user').on('logins').column('user_id').execute()
  await db.schema.createIndex('logins_expires').on('logins').column('expires_at_ms').execute()
}

async function createRefreshTokens(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('refresh_tokens')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('login_id', 'text', (column) => column.notNull().references('logins.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('taken', 'boolean', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('refresh_tokens_login').on('refresh_tokens').column('login_id').execute()
  await db.schema.createIndex('refresh_tokens_expires').on('refresh_tokens').column('expires_at_ms').execute()
}

async function createRedirects(db: Kysely<Tables>, { documentType }: SqlDialect): Promise<void> {
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

/** `user_id` has no foreign key: a user's logs outlive the user. */
async function createLoginLogs(db: Kysely<Tables>, { jsonType }: SqlDialect): Promise<void> {
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
