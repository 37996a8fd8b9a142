import { randomBytes } from 'node:crypto'
import type { Transaction } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Identity, User } from '../../../profile/user/user.ts'
import type { Tables } from '../database/tables.ts'
import type { NewUser } from '../../contract/store.ts'
import { readPassword, writeIdentifiers, writePassword } from './credentials.ts'
import type { UserStoreParts } from './parts.ts'
import { databaseProvider, userConflictMessage } from './parts.ts'
import { checkAttributes, createUserError, splitAttributes, writeJson } from './user-input.ts'
import { findUser } from './user-row.ts'

/** Checks and hashes first, then writes the user with its identity and credentials in one transaction. */
export async function createUser(parts: UserStoreParts, input: NewUser): Promise<User> {
  const { database, passwords, clock } = parts
  const { connection, provider, user_id: id, isSocial, profileData, password, passwordHash, ...profile } = input
  const identity = createIdentity({ connection, provider, user_id: id, isSocial, profileData })
  const userId = `${identity.provider}|${identity.user_id}`
  const row = createUserRow(profile)
  const now = new Date(clock()).toISOString()
  const storedPassword = await readPassword({ password, passwordHash }, identity.provider, passwords)

  return await database.transaction(async (db) => {
    const managedColumns = { user_id: userId, created_at: now, updated_at: now, logins_count: 0 }
    await db
      .insertInto('users')
      .values({ ...row, ...managedColumns })
      .execute()
    await insertIdentity(db, userId, identity)
    await writeIdentifiers(db, identity, [row.email, row.username])
    if (storedPassword !== undefined) await writePassword(db, identity, storedPassword)
    const user = await findUser(db, database.dialect, userId)
    if (user === undefined) throw new ClaimsmithError('STORE_FAILED', 'The user that was just written is not there.')
    return user
  }, userConflictMessage)
}

export function createIdentity(
  input: Pick<NewUser, 'connection' | 'provider' | 'user_id' | 'isSocial' | 'profileData'>,
): Identity {
  const { connection, provider = databaseProvider, isSocial = false, profileData } = input
  const id = input.user_id ?? randomBytes(12).toString('hex')
  if (typeof connection !== 'string' || connection === '') throw createUserError('connection', 'it must be a name')
  if (!/^[^\s|]+$/.test(provider)) throw createUserError('provider', 'it must be a name without spaces and "|"')
  if (typeof id !== 'string' || !/^\S{1,255}$/.test(id)) {
    throw createUserError('user_id', 'it must be a string of 1 to 255 characters without spaces')
  }
  return { connection, provider, user_id: id, isSocial, ...(profileData === undefined ? {} : { profileData }) }
}

/** The columns of a new user with these attributes. */
export function createUserRow(profile: Readonly<Record<string, unknown>>) {
  const attributes = new Map([...checkAttributes(profile)].filter(([, value]) => value !== null))
  // An address is unverified until somebody says that it is.
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

export async function insertIdentity(db: Transaction<Tables>, userId: string, identity: Identity): Promise<void> {
  await db
    .insertInto('identities')
    .values({
      provider: identity.provider,
      identity_id: identity.user_id,
      user_id: userId,
      position: 0,
      connection: identity.connection,
      document: writeJson('profileData', identity),
    })
    .execute()
}
