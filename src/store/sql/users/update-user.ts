import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Metadata, User } from '../../../profile/user/user.ts'
import { mergeMetadata } from '../../../profile/metadata/merge-metadata.ts'
import { readJson } from '../database/json.ts'
import type { UserPatch } from '../../contract/users.ts'
import { readPassword, writeIdentifiers, writePassword } from './credentials.ts'
import { findIdentity } from './identities.ts'
import type { UserStoreParts } from './parts.ts'
import { userConflictMessage } from './parts.ts'
import { parseUserId } from './user-id.ts'
import { checkAttributes, splitAttributes, writeJson } from './user-input.ts'
import type { UserRow } from './user-row.ts'
import { findUser, selectUsers } from './user-row.ts'

/** Checks and hashes first, then reads the user, merges and writes in one transaction. */
export async function updateUser(parts: UserStoreParts, userId: string, patch: UserPatch): Promise<User | undefined> {
  const { database, passwords, clock } = parts
  const { password, passwordHash, ...profile } = patch
  const attributes = checkAttributes(profile)
  const key = parseUserId(userId)
  const storedPassword = await readPassword({ password, passwordHash }, key.provider, passwords)

  return await database.transaction(async (db) => {
    const query = selectUsers(db, database.dialect).where('user_id', '=', userId)
    const row = await database.dialect.lockUsers(query).executeTakeFirst()
    if (row === undefined) return undefined
    const columns = mergeColumns(row, attributes)
    const updatedAt = new Date(clock()).toISOString()
    await db
      .updateTable('users')
      .set({ ...columns, updated_at: updatedAt })
      .where('user_id', '=', userId)
      .execute()
    if (attributes.has('email') || attributes.has('username')) {
      const connection = (await findIdentity(db, key))?.connection
      if (connection === undefined) throw new ClaimsmithError('STORE_FAILED', 'The user has no primary identity.')
      await writeIdentifiers(db, { ...key, connection }, [
        columns.email === undefined ? row.email : columns.email,
        columns.username === undefined ? row.username : columns.username,
      ])
    }
    if (storedPassword !== undefined) await writePassword(db, key, storedPassword)
    if (attributes.get('blocked') === true) {
      for (const table of ['logins', 'redirects'] as const) {
        await db.deleteFrom(table).where('user_id', '=', userId).execute()
      }
    }
    return await findUser(db, database.dialect, userId)
  }, userConflictMessage)
}

function mergeColumns(row: UserRow, attributes: ReadonlyMap<string, unknown>) {
  const { columns, others } = splitAttributes(attributes)
  const hasNewAddress = columns.email !== undefined && columns.email !== row.email
  // The verification was of the old address.
  if (hasNewAddress && !attributes.has('email_verified')) columns.email_verified = columns.email === null ? null : false
  const documents: { user_metadata?: string | null; app_metadata?: string | null } = {}
  for (const name of ['user_metadata', 'app_metadata'] as const) {
    if (others.has(name)) documents[name] = writeMergedMetadata(name, row[name], others.get(name) as Metadata | null)
    others.delete(name)
  }
  const rest = new Map([...Object.entries(readJson(row.attributes) as object), ...others])
  const newAttributes = [...rest].filter(([, value]) => value !== null)
  return { ...columns, ...documents, attributes: writeJson('attributes', Object.fromEntries(newAttributes)) }
}

function writeMergedMetadata(name: string, current: unknown, patch: Metadata | null): string | null {
  if (patch === null) return null
  return writeJson(name, mergeMetadata(current === null ? undefined : (readJson(current) as Metadata), patch))
}
