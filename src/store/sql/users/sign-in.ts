import type { Transaction } from 'kysely'
import { isDeepStrictEqual } from 'node:util'
import type { Identity, User } from '../../../profile/user/user.ts'
import { readJson } from '../database/json.ts'
import type { Tables } from '../database/tables.ts'
import type { ProviderAccount } from '../../contract/users.ts'
import { createUserColumns, toNewUserRow } from './create-user.ts'
import { createIdentity, findIdentity, toIdentityRow, updateIdentityRow } from './identities.ts'
import type { UserStoreParts } from './parts.ts'
import { formatUserId } from './user-id.ts'
import { checkAttributes, splitAttributes, writeJson } from './user-input.ts'
import { findUser, selectUsers, toUser } from './user-row.ts'

/** Runs in one transaction: of two concurrent first logins, one creates the user and the other finds them. */
export async function signIn(parts: UserStoreParts, account: ProviderAccount): Promise<User | undefined> {
  const { database, clock } = parts
  const { attributes, isSynced, ...identityInput } = account
  const identity = createIdentity(identityInput)
  const checkedAttributes = checkAttributes(attributes)
  const columns = createUserColumns(attributes)
  const now = new Date(clock()).toISOString()

  return await database.transaction(async (db) => {
    const isNew = (await findIdentity(db, identity)) === undefined && (await insertUser(db, identity, columns, now))
    const identityRow = await findIdentity(db, identity)
    if (identityRow === undefined || identityRow.connection !== identity.connection) return undefined
    const query = selectUsers(db, database.dialect).where('user_id', '=', identityRow.user_id)
    const user = toUser(await database.dialect.lockUsers(query).executeTakeFirstOrThrow())
    if (isNew || user.blocked === true) return user
    // Only the primary identity updates root attributes. The data of a linked account stays in its identity.
    const canChange = isSynced && identityRow.user_id === formatUserId(identity)
    const changedAttributes = canChange
      ? [...resetVerification(checkedAttributes, user)].filter(([name, value]) => user[name] !== value)
      : []
    await writeChanges(db, user, {
      identity,
      storedIdentity: readJson(identityRow.document) as Identity,
      changedAttributes,
      now,
    })
    return await findUser(db, database.dialect, identityRow.user_id)
  })
}

/** A new address is unverified unless the provider says otherwise. */
function resetVerification(attributes: ReadonlyMap<string, unknown>, { email }: User): ReadonlyMap<string, unknown> {
  const isVerified = attributes.has('email_verified') || (attributes.get('email') ?? email) === email
  return isVerified ? attributes : new Map([...attributes, ['email_verified', false]])
}

interface Changes {
  readonly identity: Identity
  readonly storedIdentity: Identity
  readonly changedAttributes: readonly (readonly [string, unknown])[]
  readonly now: string
}

async function writeChanges(db: Transaction<Tables>, user: User, changes: Changes): Promise<void> {
  const { identity, storedIdentity, changedAttributes, now } = changes
  const { profileData } = identity
  if (changedAttributes.length === 0 && isDeepStrictEqual(storedIdentity.profileData, profileData)) return
  await updateIdentityRow(db, identity, { document: writeJson('profileData', { ...storedIdentity, profileData }) })
  const { columns } = splitAttributes(new Map(changedAttributes))
  await db
    .updateTable('users')
    .set({ ...columns, updated_at: now })
    .where('user_id', '=', user.user_id ?? '')
    .execute()
}

/** False if a concurrent login created the user. */
async function insertUser(
  db: Transaction<Tables>,
  identity: Identity,
  columns: ReturnType<typeof createUserColumns>,
  now: string,
): Promise<boolean> {
  const row = toNewUserRow(formatUserId(identity), columns, now)
  const { numInsertedOrUpdatedRows: inserted = 0n } = await db
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.column('user_id').doNothing())
    .executeTakeFirstOrThrow()
  if (inserted > 0n) await db.insertInto('identities').values(toIdentityRow(row.user_id, identity)).execute()
  return inserted > 0n
}
