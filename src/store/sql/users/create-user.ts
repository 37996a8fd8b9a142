import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { User } from '../../../profile/user/user.ts'
import type { NewUser } from '../../contract/users.ts'
import { readPassword, writeIdentifiers, writePassword } from './credentials.ts'
import { createIdentity, toIdentityRow } from './identities.ts'
import type { UserStoreParts } from './parts.ts'
import { userConflictMessage } from './parts.ts'
import { checkAttributes, splitAttributes, writeJson } from './user-input.ts'
import { formatUserId } from './user-id.ts'
import { findUser } from './user-row.ts'

/** Checks and hashes first, then writes the user with its identity and credentials in one transaction. */
export async function createUser(parts: UserStoreParts, input: NewUser): Promise<User> {
  const { database, passwords, clock } = parts
  const { connection, provider, user_id: id, isSocial, profileData, password, passwordHash, ...profile } = input
  const identity = createIdentity({ connection, provider, user_id: id, isSocial, profileData })
  const columns = createUserColumns(profile)
  const nowIso = new Date(clock()).toISOString()
  const storedPassword = await readPassword({ password, passwordHash }, identity.provider, passwords)

  return await database.transaction(async (db) => {
    const userId = formatUserId(identity)
    await db
      .insertInto('users')
      .values(toNewUserRow(userId, columns, nowIso))
      .execute()
    await db.insertInto('identities').values(toIdentityRow(userId, identity)).execute()
    await writeIdentifiers(db, identity, [columns.email, columns.username])
    if (storedPassword !== undefined) await writePassword(db, identity, storedPassword)
    const user = await findUser(db, database.dialect, userId)
    if (user === undefined)
      throw new ClaimsmithError('STORE_FAILED', 'The new user could not be read after it was written.')
    return user
  }, userConflictMessage)
}

/**
 * The columns of a new user with these attributes.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if an attribute cannot be set or has the wrong type.
 */
export function createUserColumns(profile: Readonly<Record<string, unknown>>) {
  const attributes = new Map([...checkAttributes(profile)].filter(([, value]) => value !== null))
  // A new address is unverified unless the input says otherwise.
  if (attributes.has('email') && !attributes.has('email_verified')) attributes.set('email_verified', false)
  const { columns, others } = splitAttributes(attributes)
  const { user_metadata: userMetadata, app_metadata: appMetadata, ...rest } = Object.fromEntries(others)
  return {
    ...columns,
    user_metadata: userMetadata === undefined ? null : writeJson('user_metadata', userMetadata),
    app_metadata: appMetadata === undefined ? null : writeJson('app_metadata', appMetadata),
    attributes: writeJson('attributes', rest),
  }
}

/** The row of a user who has not logged in yet. */
export function toNewUserRow<Columns extends { readonly attributes: string }>(
  userId: string,
  columns: Columns,
  nowIso: string,
) {
  return { ...columns, user_id: userId, created_at: nowIso, updated_at: nowIso, logins_count: 0 }
}
