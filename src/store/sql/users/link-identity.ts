import type { Transaction } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Identity, User } from '../../../profile/user/user.ts'
import type { IdentityId } from '../../contract/users.ts'
import { readJson } from '../database/json.ts'
import type { Tables } from '../database/tables.ts'
import { findIdentity, updateIdentityRow } from './identities.ts'
import { lockUser, markUpdated } from './lock-user.ts'
import type { UserStoreParts } from './parts.ts'
import { formatUserId } from './user-id.ts'
import { createUserError, userOnlyAttributes, writeJson } from './user-input.ts'
import { findUser } from './user-row.ts'

/** Moves the other user's identities, then deletes that user, in one transaction. Passwords follow their identity. */
export async function linkIdentity(
  parts: UserStoreParts,
  userId: string,
  secondary: IdentityId,
): Promise<Identity[] | undefined> {
  const { database } = parts
  return await database.transaction(async (db) => {
    if (!(await lockUser(db, userId))) return undefined
    const row = await findIdentity(db, secondary)
    if (row === undefined) throw createUserError('identity', 'no user has an identity with this provider and user_id')
    const secondaryId = formatUserId(secondary)
    if (secondaryId === userId) throw createUserError('identity', 'it is the one that names the user')
    if (row.user_id !== secondaryId) {
      throw new ClaimsmithError('STORE_CONFLICT', 'The identity is linked to a user already.')
    }
    await lockUser(db, secondaryId)
    const secondaryUser = await findUser(db, database.dialect, secondaryId)
    await moveIdentities(db, secondaryUser, { from: secondaryId, to: userId })
    await db.deleteFrom('users').where('user_id', '=', secondaryId).execute()
    await markUpdated(db, parts, userId)
    return (await findUser(db, database.dialect, userId))?.identities
  })
}

/** Appends the identities in their order. The first one keeps the profile of the user it belonged to. */
async function moveIdentities(
  db: Transaction<Tables>,
  user: User | undefined,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const firstPosition = await findNextPosition(db, to)
  const rows = await db
    .selectFrom('identities')
    .select(['provider', 'identity_id', 'document'])
    .where('user_id', '=', from)
    .orderBy('position')
    .execute()
  for (const [index, { provider, identity_id: id, document }] of rows.entries()) {
    const identity = readJson(document) as Identity
    const isFirst = index === 0 && user !== undefined
    await updateIdentityRow(
      db,
      { provider, user_id: id },
      {
        user_id: to,
        position: firstPosition + index,
        document: writeJson('identity', isFirst ? addProfile(identity, user) : identity),
      },
    )
  }
}

async function findNextPosition(db: Transaction<Tables>, userId: string): Promise<number> {
  const { last } = await db
    .selectFrom('identities')
    .select((select) => select.fn.max('position').as('last'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return (last ?? -1) + 1
}

function addProfile(identity: Identity, user: User): Identity {
  const root = Object.entries(user).filter(([name]) => !userOnlyAttributes.includes(name))
  return { ...identity, profileData: { ...identity.profileData, ...Object.fromEntries(root) } }
}
