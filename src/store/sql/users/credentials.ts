import type { Transaction } from 'kysely'
import type { Identity } from '../../../profile/user/user.ts'
import type { IdentityId } from '../../contract/users.ts'
import type { StoredPassword } from '../../contract/imports.ts'
import type { Passwords } from '../../passwords/passwords.ts'
import { importHash } from '../../passwords/passwords.ts'
import type { Tables } from '../database/tables.ts'
import { normalizeIdentifier } from './normalize-identifier.ts'
import { databaseProvider } from './parts.ts'
import { createUserError } from './user-input.ts'

/** An identity and its connection. */
export type IdentityKey = IdentityId & Pick<Identity, 'connection'>

/**
 * Hashes the password to store. Undefined if the input has none.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if it has a password and a hash, or the user is not of a database connection.
 */
export async function readPassword(
  input: { readonly password?: unknown; readonly passwordHash?: unknown },
  provider: string,
  passwords: Passwords,
): Promise<StoredPassword | undefined> {
  const { password, passwordHash } = input
  if (password === undefined && passwordHash === undefined) return undefined
  if (password !== undefined && passwordHash !== undefined)
    throw createUserError('password', 'give it or passwordHash, not both')
  if (provider !== databaseProvider) throw createUserError('password', 'only users of a database connection have one')
  return passwordHash === undefined ? await passwords.hash(password) : importHash(passwordHash)
}

/** Replaces the names that a database identity logs in with. Identities of other providers have none. */
export async function writeIdentifiers(
  db: Transaction<Tables>,
  { connection, provider, user_id: id }: IdentityKey,
  names: readonly (string | null | undefined)[],
): Promise<void> {
  if (provider !== databaseProvider) return
  await db.deleteFrom('identifiers').where('provider', '=', provider).where('identity_id', '=', id).execute()
  const normalizedNames = new Set(names.filter((name) => typeof name === 'string').map(normalizeIdentifier))
  const rows = [...normalizedNames].map((identifier) => ({ connection, identifier, provider, identity_id: id }))
  if (rows.length > 0) await db.insertInto('identifiers').values(rows).execute()
}

export async function writePassword(
  db: Transaction<Tables>,
  identity: IdentityId,
  password: StoredPassword,
): Promise<void> {
  await db
    .insertInto('passwords')
    .values({ provider: identity.provider, identity_id: identity.user_id, ...password })
    .onConflict((conflict) => conflict.columns(['provider', 'identity_id']).doUpdateSet(password))
    .execute()
}
