import { createBulkUserStore } from '../../import/bulk-users.ts'
import type { UserStore } from '../../contract/users.ts'
import { authenticateUser } from './authenticate-user.ts'
import { createUser } from './create-user.ts'
import { joinIdentifiers } from './identities.ts'
import { normalizeIdentifier } from './normalize-identifier.ts'
import { listUsers } from './list-users.ts'
import { linkIdentity } from './link-identity.ts'
import type { UserStoreParts } from './parts.ts'
import { signIn } from './sign-in.ts'
import { unlinkIdentity } from './unlink-identity.ts'
import { updateIdentity } from './update-identity.ts'
import { updateUser } from './update-user.ts'
import { findUser, selectUsers, toUser, readUser } from './user-row.ts'

export function createUserStore(parts: UserStoreParts): UserStore {
  const { database } = parts
  const findById = database.lookUp('user_by_id', (db) =>
    selectUsers(db, database.dialect).where('user_id', '=', '').compile(),
  )
  return {
    async get(userId) {
      const [values] = await findById(userId)
      return values && readUser(values)
    },
    async findByEmail(email) {
      const rows = await database.run((db) =>
        selectUsers(db, database.dialect)
          .where('email_folded', '=', normalizeIdentifier(email))
          .orderBy('created_at')
          .orderBy('user_id')
          .execute(),
      )
      return rows.map(toUser)
    },
    list: async (query) => await listUsers(database, query),
    ...createBulkUserStore(parts),
    create: async (user) => await createUser(parts, user),
    update: async (userId, patch) => await updateUser(parts, userId, patch),
    link: async (userId, identity) => await linkIdentity(parts, userId, identity),
    unlink: async (userId, identity) => await unlinkIdentity(parts, userId, identity),
    updateIdentity: async (userId, identity, patch) => await updateIdentity(parts, userId, identity, patch),
    async findId({ connection, identifier }) {
      const userRow = await database.run((db) =>
        joinIdentifiers(db)
          .select('identities.user_id')
          .where('identifiers.connection', '=', connection)
          .where('identifiers.identifier', '=', normalizeIdentifier(identifier))
          .executeTakeFirst(),
      )
      return userRow?.user_id
    },
    async delete(userId) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('users').where('user_id', '=', userId).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    signIn: async (account) => await signIn(parts, account),
    authenticate: async (login) => await authenticateUser(parts, login),
    async recordLogin(userId, { ip = null, atMs }) {
      return await database.transaction(async (db) => {
        await db
          .updateTable('users')
          .set((column) => ({
            last_login: new Date(atMs).toISOString(),
            last_ip: ip,
            logins_count: column('logins_count', '+', 1),
          }))
          .where('user_id', '=', userId)
          .execute()
        return await findUser(db, database.dialect, userId)
      })
    },
  }
}
