import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import type { User } from '../../../profile/user/user.ts'
import type { SqlDialect } from '../database/dialect.ts'
import { readJson } from '../database/json.ts'
import type { Tables, UsersTable } from '../database/tables.ts'

/** Root attributes that have a column and that a caller may set. */
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

/** The attributes of a profile in their order, before those that have no column. */
const profileNames = [
  'user_id',
  ...attributeColumns,
  'identities',
  'user_metadata',
  'app_metadata',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
] as const

type ProfileName = (typeof profileNames)[number]
type ColumnName = Exclude<ProfileName, 'identities'> | 'attributes'

/** Passwords are in another table, so no query for users can return them. */
export const columnNames: readonly ColumnName[] = [
  ...profileNames.filter((name) => name !== 'identities'),
  'attributes',
]
const rowNames = [...columnNames, 'identities'] as const

/** The row of a user, with the identities. */
export type UserRow = Pick<Selectable<UsersTable>, ColumnName> & { readonly identities: unknown }

/** The start of every Kysely query that returns users: their columns, then the identities. */
export function selectUsers(db: Kysely<Tables>, { identitiesExpression }: SqlDialect) {
  const columns = columnNames.map((name) => `users.${name}` as const)
  return db.selectFrom('users').select(columns).select(sql.raw(identitiesExpression).as('identities'))
}

export async function findUser(db: Kysely<Tables>, dialect: SqlDialect, userId: string): Promise<User | undefined> {
  const row = await selectUsers(db, dialect).where('user_id', '=', userId).executeTakeFirst()
  return row && toUser(row)
}

export function toUser(row: UserRow): User {
  return readUser(rowNames.map((name) => row[name]))
}

/** Conversions from a column to the profile's attribute. */
const readers: Readonly<Partial<Record<ProfileName, (value: unknown) => unknown>>> = {
  email_verified: toBoolean,
  phone_verified: toBoolean,
  blocked: toBoolean,
  identities: readJson,
  user_metadata: readJson,
  app_metadata: readJson,
  logins_count: (count) => (count === 0 ? null : count),
}

const profileColumns = profileNames.map((name) => ({ name, read: readers[name], at: rowNames.indexOf(name) }))
const attributesIndex = rowNames.indexOf('attributes')

/** The profile as Auth0 returns it, from the values of a `UserRow` in their order. Unset attributes are absent. */
export function readUser(values: readonly unknown[]): User {
  const user: Record<string, unknown> = {}
  for (const { name, read, at } of profileColumns) {
    const value = read === undefined ? values[at] : read(values[at])
    if (value !== null) user[name] = value
  }
  const attributes = Object.entries(readJson(values[attributesIndex]) as object)
  if (attributes.length === 0) return user
  return Object.fromEntries([...Object.entries(user), ...attributes].filter(([, value]) => value !== null))
}

function toBoolean(flag: unknown): boolean | null {
  return flag === null ? null : Boolean(flag)
}
