import type { User } from '../../../profile/user/user.ts'
import { isOutdated } from '../../passwords/passwords.ts'
import type { PasswordLogin } from '../../contract/users.ts'
import { joinIdentifiers } from './identities.ts'
import { normalizeIdentifier } from './normalize-identifier.ts'
import type { UserStoreParts } from './parts.ts'
import { findUser } from './user-row.ts'

/** Queries and hashes the same if the user does not exist. The first right password replaces an imported hash by an Argon2id hash. */
export async function authenticateUser(parts: UserStoreParts, login: PasswordLogin): Promise<User | undefined> {
  const { database, passwords } = parts
  const credential = await database.run((db) =>
    joinIdentifiers(db)
      .innerJoin('passwords', (join) =>
        join
          .onRef('passwords.provider', '=', 'identities.provider')
          .onRef('passwords.identity_id', '=', 'identities.identity_id'),
      )
      .select(['identities.user_id', 'passwords.hash', 'passwords.provider', 'passwords.identity_id'])
      .where('identifiers.connection', '=', login.connection)
      .where('identifiers.identifier', '=', normalizeIdentifier(login.identifier))
      .executeTakeFirst(),
  )
  const maxBcrypt = await database.run((db) =>
    db
      .selectFrom('passwords')
      .select((select) => select.fn.max('bcrypt_cost').as('cost'))
      .executeTakeFirst(),
  )
  const matches = await passwords.verify(login.password, credential?.hash, maxBcrypt?.cost ?? null)
  if (credential === undefined || !matches) return undefined
  if (isOutdated(credential.hash)) {
    const newPassword = await passwords.hash(login.password)
    await database.run((db) =>
      db
        .updateTable('passwords')
        .set(newPassword)
        .where('provider', '=', credential.provider)
        .where('identity_id', '=', credential.identity_id)
        // Not if the password was changed meanwhile.
        .where('hash', '=', credential.hash)
        .execute(),
    )
  }
  return await database.run((db) => findUser(db, database.dialect, credential.user_id))
}
