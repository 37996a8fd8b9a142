import type { Kysely } from 'kysely'
import type { SqlDialect } from '../sql/database/dialect.ts'
import type { Tables } from '../sql/database/tables.ts'

/** The tables of the first release; what each column means is in `tables.ts`. */
export async function createFirstTables(db: Kysely<Tables>, { jsonType, documentType }: SqlDialect): Promise<void> {
  await createUsers(db, jsonType)
  await createIdentities(db, jsonType)
  await createCredentials(db)
  await createLogins(db, documentType)
  await createRefreshTokens(db)
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

async function createUsers(db: Kysely<Tables>, jsonType: SqlDialect['jsonType']): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('user_id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text')
    .addColumn('email_folded', 'text')
    .addColumn('email_verified', 'boolean')
    .addColumn('username', 'text')
    .addColumn('phone_number', 'text')
    .addColumn('phone_verified', 'boolean')
    .addColumn('name', 'text')
    .addColumn('given_name', 'text')
    .addColumn('family_name', 'text')
    .addColumn('nickname', 'text')
    .addColumn('picture', 'text')
    .addColumn('blocked', 'boolean')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .addColumn('last_login', 'text')
    .addColumn('last_ip', 'text')
    .addColumn('logins_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('user_metadata', jsonType)
    .addColumn('app_metadata', jsonType)
    .addColumn('attributes', jsonType, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('users_email_folded').on('users').column('email_folded').execute()
  await db.schema.createIndex('users_created_at').on('users').columns(['created_at', 'user_id']).execute()
}

async function createIdentities(db: Kysely<Tables>, jsonType: SqlDialect['jsonType']): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('identity_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.user_id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('document', jsonType, (column) => column.notNull())
    .addPrimaryKeyConstraint('identities_key', ['provider', 'identity_id'])
    .execute()
  await db.schema.createIndex('identities_user').on('identities').columns(['user_id', 'position']).execute()
}

async function createCredentials(db: Kysely<Tables>): Promise<void> {
  const identity = ['provider', 'identity_id'] as const
  await db.schema
    .createTable('identifiers')
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('identity_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('identifiers_key', ['connection', 'identifier'])
    .addForeignKeyConstraint('identifiers_identity', [...identity], 'identities', [...identity], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('identifiers_of_identity')
    .on('identifiers')
    .columns([...identity])
    .execute()
  await db.schema
    .createTable('passwords')
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('identity_id', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('bcrypt_cost', 'integer')
    .addPrimaryKeyConstraint('passwords_key', [...identity])
    .addForeignKeyConstraint('passwords_identity', [...identity], 'identities', [...identity], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await db.schema.createIndex('passwords_bcrypt_cost').on('passwords').column('bcrypt_cost').execute()
}

async function createLogins(db: Kysely<Tables>, documentType: SqlDialect['documentType']): Promise<void> {
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
