import type { Transaction } from 'kysely'
import type { Tables } from '../sql/database/tables.ts'
import { joinIdentifiers } from '../sql/users/identities.ts'
import { databaseProvider } from '../sql/users/parts.ts'
import { splitChunks } from './split-chunks.ts'
import type { ReadyUser } from '../contract/imports.ts'

/** The stored user that has an id or a name. */
export interface Owner {
  readonly userId: string
  readonly identityId: string
  readonly connection: string
}

export interface Owners {
  readonly byId: ReadonlyMap<string, Owner>
  /** By normalized address or user name, in the connection of the import. */
  readonly byName: ReadonlyMap<string, Owner>
}

/** Looks up the stored users that have an id or a name of these users, who are all of one connection. */
export async function findOwners(db: Transaction<Tables>, users: readonly ReadyUser[]): Promise<Owners> {
  const ids = users.filter(({ hasOwnId }) => hasOwnId).map(({ identity }) => identity.user_id)
  const byId = new Map<string, Owner>()
  for (const chunk of splitChunks(ids)) {
    const rows = await db
      .selectFrom('identities')
      .select(['user_id as userId', 'identity_id as identityId', 'connection'])
      .where('provider', '=', databaseProvider)
      .where('identity_id', 'in', chunk)
      .execute()
    for (const row of rows) byId.set(row.identityId, row)
  }
  const byName = new Map<string, Owner>()
  const connection = users[0]?.identity.connection ?? ''
  const names = [...new Set(users.flatMap((user) => user.names.map(({ normalized }) => normalized)))]
  for (const chunk of splitChunks(names)) {
    const rows = await joinIdentifiers(db)
      .select([
        'identifiers.identifier',
        'identities.user_id as userId',
        'identities.identity_id as identityId',
        'identities.connection',
      ])
      .where('identifiers.connection', '=', connection)
      .where('identifiers.identifier', 'in', chunk)
      .execute()
    for (const { identifier, ...owner } of rows) byName.set(identifier, owner)
  }
  return { byId, byName }
}
