import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { User } from '../../profile/user.ts'
import type { SqlDialect } from '../sql/dialect.ts'
import { readJson } from '../sql/json.ts'
import type { Tables, UsersTable } from '../sql/tables.ts'

/** A row of users, with the identities beside it. */
export type UserRow = Selectable<UsersTable> & { readonly identities: unknown }

/** Root attributes that have a column of their own and that a caller may set. */
export const attributeColumns = [
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
] as const

/** The start of every query that returns users. Passwords are in another table: they cannot come along. */
export function selectUsers(db: Kysely<Tables>, dialect: SqlDialect) {
  return db.selectFrom('users').selectAll('users').select(sql.raw(dialect.identitiesOfUser).as('identities'))
}

export async function findUser(db: Kysely<Tables>, dialect: SqlDialect, userId: string): Promise<User | undefined> {
  const row = await selectUsers(db, dialect).where('user_id', '=', userId).executeTakeFirst()
  return row && toUser(row)
}

/** The profile as Auth0 returns it: what is not set is not there. */
export function toUser(row: UserRow): User {
  const { user_metadata: userMetadata, app_metadata: appMetadata } = row
  const user: Record<keyof User, unknown> = {
    user_id: row.user_id,
    email: row.email,
    email_verified: toBoolean(row.email_verified),
    username: row.username,
    phone_number: row.phone_number,
    phone_verified: toBoolean(row.phone_verified),
    name: row.name,
    given_name: row.given_name,
    family_name: row.family_name,
    nickname: row.nickname,
    picture: row.picture,
    blocked: toBoolean(row.blocked),
    identities: readJson(row.identities),
    user_metadata: userMetadata === null ? null : readJson(userMetadata),
    app_metadata: appMetadata === null ? null : readJson(appMetadata),
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_login: row.last_login,
    last_ip: row.last_ip,
    logins_count: row.logins_count === 0 ? null : row.logins_count,
    ...(readJson(row.attributes) as Record<string, unknown>),
  }
  return Object.fromEntries(Object.entries(user).filter(([, value]) => value !== null))
}

function toBoolean(flag: boolean | number | null): boolean | null {
  return flag === null ? null : Boolean(flag)
}
