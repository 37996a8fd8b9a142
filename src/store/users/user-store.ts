import type { UserStore } from '../store.ts'
import { authenticateUser } from './authenticate-user.ts'
import { createUser } from './create-user.ts'
import { fold } from './fold.ts'
import type { UserStoreParts } from './parts.ts'
import { updateUser } from './update-user.ts'
import { findUser, selectUsers, toUser } from './user-row.ts'

export function createUserStore(parts: UserStoreParts): UserStore {
  const { database } = parts
  return {
    get: async (userId) => await database.run((db) => findUser(db, database.dialect, userId)),
    async findByEmail(email) {
      const rows = await database.run((db) =>
        selectUsers(db, database.dialect)
          .where('email_folded', '=', fold(email))
          .orderBy('created_at')
          .orderBy('user_id')
          .execute(),
      )
      return rows.map(toUser)
    },
    create: async (user) => await createUser(parts, user),
    update: async (userId, patch) => await updateUser(parts, userId, patch),
    async delete(userId) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('users').where('user_id', '=', userId).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
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
