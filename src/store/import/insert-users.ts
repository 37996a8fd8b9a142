import type { Transaction } from 'kysely'
import type { Tables } from '../sql/database/tables.ts'
import { toNormalizedColumns } from '../sql/users/normalized-columns.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import { toNewUserRow } from '../sql/users/create-user.ts'
import { toIdentityRow } from '../sql/users/identities.ts'
import { formatUserId } from '../sql/users/user-id.ts'
import { attributeColumns } from '../sql/users/user-row.ts'
import { splitChunks } from './split-chunks.ts'
import type { ReadyUser } from '../contract/imports.ts'

/** The optional columns. Every row of a bulk insert must have the same columns. */
const noAttributes = Object.fromEntries(attributeColumns.map((name) => [name, null])) as Record<
  (typeof attributeColumns)[number],
  null
>
const emptyRow = { ...noAttributes, ...toNormalizedColumns(noAttributes) }

/** Inserts new users with their identity, names and password. */
export async function insertUsers(db: Transaction<Tables>, users: readonly ReadyUser[], nowIso: string): Promise<void> {
  const rows = users.map(({ columns, identity }) =>
    toNewUserRow(formatUserId(identity), { ...emptyRow, ...columns }, nowIso),
  )
  for (const chunk of splitChunks(rows)) await db.insertInto('users').values(chunk).execute()
  const identities = users.map(({ identity }) => toIdentityRow(formatUserId(identity), identity))
  for (const chunk of splitChunks(identities)) await db.insertInto('identities').values(chunk).execute()
  const identifiers = users.flatMap(({ identity, names }) =>
    [...new Set(names.map(({ normalized }) => normalized))].map((identifier) => ({
      connection: identity.connection,
      identifier,
      provider: databaseProvider,
      identity_id: identity.user_id,
    })),
  )
  for (const chunk of splitChunks(identifiers)) await db.insertInto('identifiers').values(chunk).execute()
  const passwords = users.flatMap(({ identity, password }) =>
    password === undefined ? [] : [{ provider: databaseProvider, identity_id: identity.user_id, ...password }],
  )
  for (const chunk of splitChunks(passwords)) await db.insertInto('passwords').values(chunk).execute()
}
