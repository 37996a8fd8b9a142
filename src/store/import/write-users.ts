import type { Transaction } from 'kysely'
import type { ImportError } from '../../profile/user/import-user.ts'
import { isOutdated } from '../passwords/passwords.ts'
import type { Tables } from '../sql/database/tables.ts'
import { writePassword } from '../sql/users/credentials.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import { splitAttributes, writeJson } from '../sql/users/user-input.ts'
import type { ImportEntry, ImportOptions, ImportResult, ReadyUser } from '../contract/imports.ts'
import { insertUsers } from './insert-users.ts'
import type { Owner, Owners } from './owners.ts'
import { findOwners } from './owners.ts'

/** Writes users of an import in the caller's transaction. Existing users are updated one by one, new users inserted in bulk. */
export async function writeUsers(
  db: Transaction<Tables>,
  entries: readonly ImportEntry[],
  { upsert, nowIso }: ImportOptions & { readonly nowIso: string },
): Promise<ImportResult[]> {
  const owners = await findOwners(
    db,
    entries.flatMap((entry) => (entry.ok ? [entry.user] : [])),
  )
  const newUsers: ReadyUser[] = []
  const results: ImportResult[] = []
  for (const entry of entries) {
    if (!entry.ok) {
      results.push({ status: 'failed', errors: entry.errors })
      continue
    }
    const match = findMatch(entry.user, owners)
    if (match === undefined) {
      newUsers.push(entry.user)
      results.push({ status: 'inserted' })
    } else if ('code' in match) {
      results.push({ status: 'failed', errors: [match] })
    } else if (upsert) {
      await updateUser(db, match, entry.user, nowIso)
      results.push({ status: 'updated' })
    } else {
      const message = 'A user with this user_id, email or username exists already.'
      results.push({ status: 'present', errors: [{ code: 'DUPLICATED_USER', message }] })
    }
  }
  await insertUsers(db, newUsers, nowIso)
  return results
}

/** The stored user that a user of the file is, if there is one. Their id and names must all belong to the same stored user. */
function findMatch(user: ReadyUser, owners: Owners): Owner | ImportError | undefined {
  const { identity, hasOwnId, names } = user
  const byId = hasOwnId ? owners.byId.get(identity.user_id) : undefined
  const owned = [byId, ...names.map(({ normalized }) => owners.byName.get(normalized))].filter(
    (owner) => owner !== undefined,
  )
  const [first] = owned
  if (first === undefined) return undefined
  if (first.connection !== identity.connection)
    return createConflictError('CONFLICT', 'user_id', 'a user of another connection')
  if (first.userId !== `${databaseProvider}|${first.identityId}`) {
    return createConflictError('CONFLICT', undefined, 'an identity that is linked to another user')
  }
  if (hasOwnId && byId?.userId !== first.userId) {
    return createConflictError('CONFLICT', 'user_id', 'a user with another user_id has this email or username')
  }
  const other = names.find(({ normalized }) => owners.byName.get(normalized)?.userId !== first.userId)
  if (other === undefined) return first
  const code = other.attribute === 'email' ? 'CONFLICT_EMAIL' : 'CONFLICT_USERNAME'
  return createConflictError(code, other.attribute, 'the user exists, and an import does not change this attribute')
}

function createConflictError(code: ImportError['code'], path: string | undefined, reason: string): ImportError {
  const message = `Error in ${path ?? 'the user'} - conflict: ${reason}.`
  return path === undefined ? { code, message } : { code, message, path }
}

async function updateUser(db: Transaction<Tables>, owner: Owner, user: ReadyUser, nowIso: string): Promise<void> {
  const {
    email: _email,
    username: _username,
    user_metadata: userMetadata,
    app_metadata: appMetadata,
    ...rest
  } = user.attributes
  const { columns } = splitAttributes(new Map(Object.entries(rest)))
  await db
    .updateTable('users')
    .set({
      ...columns,
      ...(userMetadata === undefined ? {} : { user_metadata: writeJson('user_metadata', userMetadata) }),
      ...(appMetadata === undefined ? {} : { app_metadata: writeJson('app_metadata', appMetadata) }),
      updated_at: nowIso,
    })
    .where('user_id', '=', owner.userId)
    .execute()
  if (rest['blocked'] === true) await db.deleteFrom('logins').where('user_id', '=', owner.userId).execute()
  if (user.password === undefined) return
  const key = { provider: databaseProvider, user_id: owner.identityId }
  const current = await db
    .selectFrom('passwords')
    .select('hash')
    .where('provider', '=', key.provider)
    .where('identity_id', '=', key.user_id)
    .executeTakeFirst()
  // A hash with our cost was made when the user set or used the password here, so it is newer than the file.
  if (current === undefined || isOutdated(current.hash)) await writePassword(db, key, user.password)
}
