import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { maxTermLength } from '../../search/sqlite-dialect.ts'
import type { SqlDialect } from '../../sql/database/dialect.ts'
import type { Tables } from '../../sql/database/tables.ts'

/**
 * A word without a field is searched for in every default field. If one of these columns had no index, the database would
 * read all users.
 */
const searchedColumns = [
  'email_folded',
  'email_domain',
  'name_folded',
  'given_name_folded',
  'family_name_folded',
  'nickname_folded',
  'username',
  'phone_number',
  'updated_at',
] as const

/** The indexes for searches: one for each searched column, and one for the values in metadata. */
export async function createUserIndexes(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  for (const column of searchedColumns) {
    await db.schema.createIndex(`users_${column}`).on('users').column(column).execute()
  }
  await db.schema.createIndex('users_created_at').on('users').columns(['created_at', 'user_id']).execute()
  await (dialect.name === 'postgres' ? createPostgresMetadataIndexes(db) : createSqliteTerms(db))
}

async function createPostgresMetadataIndexes(db: Kysely<Tables>): Promise<void> {
  for (const document of ['app_metadata', 'user_metadata']) {
    const name = sql.ref(`users_${document}`)
    await sql`create index ${name} on users using gin (${sql.ref(document)} jsonb_path_ops)`.execute(db)
  }
}

/**
 * `user_terms` holds each value in a user's metadata with the name of its member; the name is '' for an element of an array.
 *
 * - Triggers maintain it, so no writer can forget to.
 * - It only yields candidates. The search then checks the whole path.
 */
async function createSqliteTerms(db: Kysely<Tables>): Promise<void> {
  await sql`create table user_terms (value, name text not null, user_id text not null, primary key (value, name, user_id)) without rowid`.execute(
    db,
  )
  const metadata = 'user_metadata, app_metadata'
  const add = `insert into user_terms ${selectTerms('new')};`
  const remove = `delete from user_terms where (value, name, user_id) in (${selectTerms('old')});`
  const triggers = [
    `create trigger user_terms_insert after insert on users begin ${add} end`,
    `create trigger user_terms_update after update of user_id, ${metadata} on users
       when (old.user_id, old.user_metadata, old.app_metadata) is not (new.user_id, new.user_metadata, new.app_metadata)
       begin ${remove} ${add} end`,
    `create trigger user_terms_delete after delete on users begin ${remove} end`,
  ]
  for (const trigger of triggers) await sql.raw(trigger).execute(db)
}

/** The terms of the row that a trigger calls `old` or `new`. */
function selectTerms(row: 'old' | 'new'): string {
  const selectDocumentTerms = (document: string) =>
    `select leaf.atom, case typeof(leaf.key) when 'text' then leaf.key else '' end, ${row}.user_id
     from json_tree(${row}.${document}) as leaf
     where leaf.atom is not null and length(leaf.atom) <= ${maxTermLength}`
  return `${selectDocumentTerms('user_metadata')} union ${selectDocumentTerms('app_metadata')}`
}
