import { randomBytes } from 'node:crypto'
import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Identity } from '../../../profile/user/user.ts'
import type { IdentityId, NewUser } from '../../contract/users.ts'
import type { IdentitiesTable, Tables } from '../database/tables.ts'
import { databaseProvider } from './parts.ts'
import { createUserError, writeJson } from './user-input.ts'

/** @throws {ClaimsmithError} INVALID_ARGUMENT if the connection, the provider or the id is malformed. */
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

/** The row of a user's primary identity. */
export function toIdentityRow(userId: string, identity: Identity): Insertable<IdentitiesTable> {
  return {
    provider: identity.provider,
    identity_id: identity.user_id,
    user_id: userId,
    position: 0,
    connection: identity.connection,
    document: writeJson('profileData', identity),
  }
}

export async function findIdentity(db: Transaction<Tables>, { provider, user_id: id }: IdentityId) {
  return await db
    .selectFrom('identities')
    .select(['user_id', 'connection', 'document'])
    .where('provider', '=', provider)
    .where('identity_id', '=', id)
    .executeTakeFirst()
}

/** Changes one identity. */
export async function updateIdentityRow(
  db: Transaction<Tables>,
  { provider, user_id: id }: IdentityId,
  columns: Partial<Pick<Insertable<IdentitiesTable>, 'user_id' | 'position' | 'document'>>,
): Promise<void> {
  await db
    .updateTable('identities')
    .set(columns)
    .where('provider', '=', provider)
    .where('identity_id', '=', id)
    .execute()
}

/** The start of a query for identities by the names they log in with. */
export function joinIdentifiers(db: Kysely<Tables>) {
  return db
    .selectFrom('identifiers')
    .innerJoin('identities', (join) =>
      join
        .onRef('identities.provider', '=', 'identifiers.provider')
        .onRef('identities.identity_id', '=', 'identifiers.identity_id'),
    )
}
