import type { Transaction } from 'kysely'
import type { Tables } from '../sql/database/tables.ts'
import { toNormalizedColumns } from '../sql/users/normalized-columns.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import { writeJson } from '../sql/users/user-input.ts'
import { attributeColumns } from '../sql/users/user-row.ts'
import { splitChunks } from './split-chunks.ts'
import type { ReadyUser } from './imports.ts'

/** Every column that a user may leave out, so that all rows have the same ones: one statement writes many. */
const noAttributes = Object.fromEntries(attributeColumns.map((name) => [name, null])) as Record<
  (typeof attributeColumns)[number],
  null
>
const emptyRow = { ...noAttributes, ...toNormalizedColumns(noAttributes) }

/** Writes users whom nobody has written yet, with identity, names and password. */
export async function insertUsers(db: Transaction<Tables>, users: readonly ReadyUser[], nowIso: string): Promise<void> {
  const times = { created_at: nowIso, updated_at: nowIso, logins_count: 0 }
  const rows = users.map(({ row, identity }) => ({ ...emptyRow, ...row, ...times, user_id: formatUserId(identity) }))
  for (const chunk of splitChunks(rows)) await db.insertInto('users').values(chunk).execute()
  const identities = users.map(({ identity }) => ({
    provider: identity.provider,
    identity_id: identity.user_id,
    user_id: formatUserId(identity),
    position: 0,
    connection: identity.connection,
    document: writeJson('profileData', identity),
  }))
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

function formatUserId({ provider, user_id: id }: ReadyUser['identity']): string {
  return `${provider}|${id}`
}
