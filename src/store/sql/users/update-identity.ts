import type { Identity, User } from '../../../profile/user/user.ts'
import { readJson } from '../database/json.ts'
import type { IdentityId, IdentityPatch } from '../../contract/users.ts'
import { readPassword, writeIdentifiers, writePassword } from './credentials.ts'
import { findIdentity, updateIdentityRow } from './identities.ts'
import { lockUser, markUpdated } from './lock-user.ts'
import type { UserStoreParts } from './parts.ts'
import { userConflictMessage } from './parts.ts'
import { checkAttributes, writeJson } from './user-input.ts'
import { findUser } from './user-row.ts'

/** Changes a linked identity's `profileData`, its names and its password, in one transaction. */
export async function updateIdentity(
  parts: UserStoreParts,
  userId: string,
  id: IdentityId,
  patch: IdentityPatch,
): Promise<User | undefined> {
  const { database, passwords } = parts
  const { password, ...profile } = patch
  const attributes = checkAttributes(profile)
  const storedPassword = await readPassword({ password }, id.provider, passwords)
  return await database.transaction(async (db) => {
    await lockUser(db, userId)
    const row = await findIdentity(db, id)
    if (row?.user_id !== userId) return undefined
    const identity = readJson(row.document) as Identity
    const current = identity.profileData ?? {}
    const profileData = mergeProfile(current, attributes)
    await updateIdentityRow(db, id, { document: writeJson('identity', { ...identity, profileData }) })
    const key = { ...id, connection: row.connection }
    if (attributes.has('email') || attributes.has('username')) {
      await writeIdentifiers(db, key, [toText(profileData['email']), toText(profileData['username'])])
    }
    if (storedPassword !== undefined) await writePassword(db, key, storedPassword)
    await markUpdated(db, parts, userId)
    return await findUser(db, database.dialect, userId)
  }, userConflictMessage)
}

function mergeProfile(
  current: Readonly<Record<string, unknown>>,
  attributes: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  const isNewAddress = attributes.has('email') && attributes.get('email') !== current['email']
  const unverified = isNewAddress ? { email_verified: false } : {}
  const newProfile = { ...current, ...unverified, ...Object.fromEntries(attributes) }
  return Object.fromEntries(Object.entries(newProfile).filter(([, value]) => value !== null))
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
