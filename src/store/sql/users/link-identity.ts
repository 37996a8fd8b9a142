import type { Transaction } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Identity, User } from '../../../profile/user/user.ts'
import { readJson } from '../database/json.ts'
import type { Tables } from '../database/tables.ts'
import type { IdentityId } from '../../contract/store.ts'
import { createUserRow } from './create-user.ts'
import { databaseProvider, userConflictMessage } from './parts.ts'
import type { UserStoreParts } from './parts.ts'
import { checkAttributes, createUserError, writeJson } from './user-input.ts'
import { findUser } from './user-row.ts'

/** Attributes of the user and not of the account: they do not go along. */
const userOnlyAttributes: readonly string[] = [
  'user_id',
  'identities',
  'user_metadata',
  'app_metadata',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
]

/** Moves the identities, and then deletes the user who had them, in one transaction; passwords follow their identity. */
export async function linkIdentity(
  parts: UserStoreParts,
  userId: string,
  secondary: IdentityId,
): Promise<Identity[] | undefined> {
  const { database } = parts
  return await database.transaction(async (db) => {
    if (!(await lockUser(db, userId))) return undefined
    const row = await findIdentity(db, secondary)
    if (row === undefined) throw createUserError('identity', 'nobody has an identity with this provider and user_id')
    if (formatUserId(secondary) === userId) throw createUserError('identity', 'it is the one that names the user')
    if (row.user_id !== formatUserId(secondary)) {
      throw new ClaimsmithError('STORE_CONFLICT', 'The identity is linked to a user already.')
    }
    await lockUser(db, row.user_id)
    const other = await findUser(db, database.dialect, row.user_id)
    const firstPosition = await findNextPosition(db, userId)
    const identityRows = await db
      .selectFrom('identities')
      .select(['provider', 'identity_id', 'document'])
      .where('user_id', '=', row.user_id)
      .orderBy('position')
      .execute()
    for (const [index, { provider, identity_id: id, document }] of identityRows.entries()) {
      const identity = readJson(document) as Identity
      const isFirst = index === 0 && other !== undefined
      await db
        .updateTable('identities')
        .set({
          user_id: userId,
          position: firstPosition + index,
          document: writeJson('identity', isFirst ? addProfile(identity, other) : identity),
        })
        .where('provider', '=', provider)
        .where('identity_id', '=', id)
        .execute()
    }
    await db.deleteFrom('users').where('user_id', '=', row.user_id).execute()
    await markUpdated(db, parts, userId)
    return (await findUser(db, database.dialect, userId))?.identities
  })
}

/** Writes a user from what the identity kept, and hands the identity over, in one transaction. */
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
    const ownId = formatUserId(secondary)
    if (ownId === userId) throw createUserError('identity', 'it is the one that names the user')
    const { profileData = {}, ...identity } = readJson(row.document) as Identity
    const now = new Date(clock()).toISOString()
    const columns = createUserRow(Object.fromEntries(Object.entries(profileData).filter(isRootAttribute)))
    await db
      .insertInto('users')
      .values({ ...columns, user_id: ownId, created_at: now, updated_at: now, logins_count: 0 })
      .execute()
    const document = identity.provider === databaseProvider ? identity : { ...identity, profileData }
    await db
      .updateTable('identities')
      .set({ user_id: ownId, position: 0, document: writeJson('identity', document) })
      .where('provider', '=', secondary.provider)
      .where('identity_id', '=', secondary.user_id)
      .execute()
    await markUpdated(db, parts, userId)
    return (await findUser(db, database.dialect, userId))?.identities
  }, userConflictMessage)
}

export async function findIdentity(db: Transaction<Tables>, { provider, user_id: id }: IdentityId) {
  return await db
    .selectFrom('identities')
    .select(['user_id', 'connection', 'document'])
    .where('provider', '=', provider)
    .where('identity_id', '=', id)
    .executeTakeFirst()
}

/** Takes the row, so that whoever else changes the user waits until this transaction ends. False when there is none. */
export async function lockUser(db: Transaction<Tables>, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ user_id: userId })
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function markUpdated(db: Transaction<Tables>, { clock }: UserStoreParts, userId: string): Promise<void> {
  const updatedAt = new Date(clock()).toISOString()
  await db.updateTable('users').set({ updated_at: updatedAt }).where('user_id', '=', userId).execute()
}

function formatUserId({ provider, user_id: id }: IdentityId): string {
  return `${provider}|${id}`
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

/** A provider may say anything about its user; what is no attribute of ours stays in `profileData`. */
function isRootAttribute([name, value]: readonly [string, unknown]): boolean {
  if (userOnlyAttributes.includes(name)) return false
  try {
    checkAttributes({ [name]: value })
    return true
  } catch {
    return false
  }
}
