import type { Kysely } from 'kysely'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/** Users, their identities, the names they log in with, and their passwords. */
export async function createUserTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  await createUsers(db, dialect)
  await createIdentities(db, dialect)
  await createIdentifiers(db)
  await createPasswords(db)
}

async function createUsers(db: Kysely<Tables>, { jsonType, byteOrderedText }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('user_id', byteOrderedText, (column) => column.primaryKey())
    .addColumn('email', 'text')
    .addColumn('email_folded', byteOrderedText)
    .addColumn('email_verified', 'boolean')
    .addColumn('username', byteOrderedText)
    .addColumn('phone_number', byteOrderedText)
    .addColumn('phone_verified', 'boolean')
    .addColumn('name', 'text')
    .addColumn('given_name', 'text')
    .addColumn('family_name', 'text')
    .addColumn('nickname', 'text')
    .addColumn('picture', byteOrderedText)
    .addColumn('blocked', 'boolean')
    .addColumn('created_at', byteOrderedText, (column) => column.notNull())
    .addColumn('updated_at', byteOrderedText, (column) => column.notNull())
    .addColumn('last_login', byteOrderedText)
    .addColumn('last_ip', byteOrderedText)
    .addColumn('logins_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('user_metadata', jsonType)
    .addColumn('app_metadata', jsonType)
    .addColumn('attributes', jsonType, (column) => column.notNull())
    .addColumn('email_domain', byteOrderedText)
    .addColumn('name_folded', byteOrderedText)
    .addColumn('given_name_folded', byteOrderedText)
    .addColumn('family_name_folded', byteOrderedText)
    .addColumn('nickname_folded', byteOrderedText)
    .execute()
}

async function createIdentities(db: Kysely<Tables>, { jsonType, byteOrderedText }: SqlDialect): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('provider', byteOrderedText, (column) => column.notNull())
    .addColumn('identity_id', byteOrderedText, (column) => column.notNull())
    .addColumn('user_id', byteOrderedText, (column) => column.notNull().references('users.user_id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('connection', byteOrderedText, (column) => column.notNull())
    .addColumn('document', jsonType, (column) => column.notNull())
    .addPrimaryKeyConstraint('identities_key', ['provider', 'identity_id'])
    .execute()
  await db.schema.createIndex('identities_user').on('identities').columns(['user_id', 'position']).execute()
  await db.schema.createIndex('identities_connection').on('identities').columns(['connection', 'user_id']).execute()
}

const identityKey = ['provider', 'identity_id'] as const

async function createIdentifiers(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('identifiers')
    .addColumn('connection', 'text', (column) => column.notNull())
    .addColumn('identifier', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('identity_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('identifiers_key', ['connection', 'identifier'])
    .addForeignKeyConstraint('identifiers_identity', [...identityKey], 'identities', [...identityKey], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('identifiers_of_identity')
    .on('identifiers')
    .columns([...identityKey])
    .execute()
}

async function createPasswords(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('passwords')
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('identity_id', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('bcrypt_cost', 'integer')
    .addPrimaryKeyConstraint('passwords_key', [...identityKey])
    .addForeignKeyConstraint('passwords_identity', [...identityKey], 'identities', [...identityKey], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await db.schema.createIndex('passwords_bcrypt_cost').on('passwords').column('bcrypt_cost').execute()
}
