import type { Identity } from '../../../profile/user/user.ts'
import type { IdentityId } from '../../contract/users.ts'
import { readJson } from '../database/json.ts'
import { createUserColumns, toNewUserRow } from './create-user.ts'
import { findIdentity, updateIdentityRow } from './identities.ts'
import { lockUser, markUpdated } from './lock-user.ts'
import type { UserStoreParts } from './parts.ts'
import { databaseProvider, userConflictMessage } from './parts.ts'
import { formatUserId } from './user-id.ts'
import { checkAttributes, createUserError, userOnlyAttributes, writeJson } from './user-input.ts'
import { findUser } from './user-row.ts'

/** Creates a user from the identity's `profileData` and moves the identity to it, in one transaction. */
export async function unlinkIdentity(
  parts: UserStoreParts,
  userId: string,
  secondary: IdentityId,
): Promise<Identity[] | undefined> {
  const { database, clock } = parts
  return await database.transaction(async (db) => {
    if (!(await lockUser(db, userId))) return undefined
    const row = await findIdentity(db, secondary)
    if (row?.user_id !== userId) return undefined
    const newUserId = formatUserId(secondary)
    if (newUserId === userId) throw createUserError('identity', 'it is the one that names the user')
    const { profileData = {}, ...identity } = readJson(row.document) as Identity
    const columns = createUserColumns(Object.fromEntries(Object.entries(profileData).filter(isRootAttribute)))
    const newRow = toNewUserRow(newUserId, columns, new Date(clock()).toISOString())
    await db.insertInto('users').values(newRow).execute()
    const newIdentity = identity.provider === databaseProvider ? identity : { ...identity, profileData }
    const document = writeJson('identity', newIdentity)
    await updateIdentityRow(db, secondary, { user_id: newUserId, position: 0, document })
    await markUpdated(db, parts, userId)
    return (await findUser(db, database.dialect, userId))?.identities
  }, userConflictMessage)
}

/** A provider may send any attribute. One that the store would reject stays in `profileData`. */
function isRootAttribute([name, value]: readonly [string, unknown]): boolean {
  if (userOnlyAttributes.includes(name)) return false
  try {
    checkAttributes({ [name]: value })
    return true
  } catch {
    return false
  }
}
