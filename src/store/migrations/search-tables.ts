import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { maxTermLength } from '../search/sqlite-search.ts'
import { toNormalizedColumns } from '../sql/users/normalized-columns.ts'
import type { SqlDialect } from '../sql/database/dialect.ts'
import type { Tables } from '../sql/database/tables.ts'

const addedColumns = [
  'email_domain',
  'name_folded',
  'given_name_folded',
  'family_name_folded',
  'nickname_folded',
] as const

/** What searches need: attributes in one spelling, and an index of the values in metadata. */
export async function createSearchTables(db: Kysely<Tables>, { jsonType }: SqlDialect): Promise<void> {
  for (const column of addedColumns) await db.schema.alterTable('users').addColumn(column, 'text').execute()
  await fillColumns(db)
  if (jsonType === 'jsonb') await declareByteOrder(db)
  // A word without a field is looked for in the phone number too: one column without an index, and all users are read.
  for (const column of [...addedColumns, 'username', 'phone_number', 'updated_at'] as const) {
    await db.schema.createIndex(`users_${column}`).on('users').column(column).execute()
  }
  await db.schema.createIndex('identities_connection').on('identities').columns(['connection', 'user_id']).execute()
  await (jsonType === 'jsonb' ? createPostgresIndexes(db) : createSqliteTerms(db))
}

async function fillColumns(db: Kysely<Tables>): Promise<void> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('users')
      .select(['user_id', 'email', 'name', 'given_name', 'family_name', 'nickname'])
      .where('user_id', '>', after)
      .orderBy('user_id')
      .limit(1000)
      .execute()
    for (const { user_id: userId, ...attributes } of rows) {
      await db.updateTable('users').set(toNormalizedColumns(attributes)).where('user_id', '=', userId).execute()
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.user_id
  }
}

/** Ranges, prefixes and orders are then the same whatever the locale of the database, and use the indexes. */
async function declareByteOrder(db: Kysely<Tables>): Promise<void> {
  const columns = [
    ...addedColumns,
    ...(['user_id', 'email_folded', 'username', 'phone_number', 'picture', 'last_ip'] as const),
    ...(['created_at', 'updated_at', 'last_login'] as const),
  ]
  const changes = columns.map((column) => sql`alter column ${sql.ref(column)} type text collate "C"`)
  await sql`alter table users ${sql.join(changes)}`.execute(db)
  const identityColumns = ['provider', 'identity_id', 'user_id', 'connection']
  const identityChanges = identityColumns.map((column) => sql`alter column ${sql.ref(column)} type text collate "C"`)
  await sql`alter table identities ${sql.join(identityChanges)}`.execute(db)
}

async function createPostgresIndexes(db: Kysely<Tables>): Promise<void> {
  for (const document of ['app_metadata', 'user_metadata']) {
    const name = sql.ref(`users_${document}`)
    await sql`create index ${name} on users using gin (${sql.ref(document)} jsonb_path_ops)`.execute(db)
  }
}

/**
 * Every value in the metadata of a user, with the name of its member; '' for an element of an array. Triggers keep it, so
 * that no writer can forget to. It finds candidates: the search then looks at the whole path.
 */
async function createSqliteTerms(db: Kysely<Tables>): Promise<void> {
  await sql`create table user_terms (value, name text not null, user_id text not null, primary key (value, name, user_id)) without rowid`.execute(
    db,
  )
  const metadata = 'user_metadata, app_metadata'
  const add = (row: string) => `insert into user_terms ${selectTerms(row)};`
  const remove = `delete from user_terms where (value, name, user_id) in (${selectTerms('old')});`
  const triggers = [
    `create trigger user_terms_insert after insert on users begin ${add('new')} end`,
    `create trigger user_terms_update after update of user_id, ${metadata} on users
       when (old.user_id, old.user_metadata, old.app_metadata) is not (new.user_id, new.user_metadata, new.app_metadata)
       begin ${remove} ${add('new')} end`,
    `create trigger user_terms_delete after delete on users begin ${remove} end`,
  ]
  for (const trigger of triggers) await sql.raw(trigger).execute(db)
  await sql.raw(`insert into user_terms ${selectTerms('users', true)}`).execute(db)
}

/** The terms of one row, which a trigger names; or of all rows of a table. */
function selectTerms(row: string, isTable = false): string {
  const selectDocumentTerms = (document: string) =>
    `select leaf.atom, case typeof(leaf.key) when 'text' then leaf.key else '' end, ${row}.user_id
     from ${isTable ? `${row}, ` : ''}json_tree(${row}.${document}) as leaf
     where leaf.atom is not null and length(leaf.atom) <= ${maxTermLength}`
  return `${selectDocumentTerms('user_metadata')} union ${selectDocumentTerms('app_metadata')}`
}
