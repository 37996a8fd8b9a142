import { selectUsers, toUser } from '../sql/users/user-row.ts'
import type { UserStoreParts } from '../sql/users/parts.ts'
import type { BulkUserStore } from '../contract/imports.ts'
import { writeMissing } from './write-missing.ts'
import { writeUsers } from './write-users.ts'

export function createBulkUserStore({ database, clock }: UserStoreParts): BulkUserStore {
  return {
    async listAfter({ after, take, connection }) {
      const rows = await database.run((db) => {
        const query = selectUsers(db, database.dialect).where('user_id', '>', after).orderBy('user_id').limit(take)
        if (connection === undefined) return query.execute()
        const members = db.selectFrom('identities').select('user_id').where('connection', '=', connection)
        const next = members.where('user_id', '>', after).groupBy('user_id').orderBy('user_id').limit(take)
        return query.where('user_id', 'in', next).execute()
      })
      return rows.map(toUser)
    },
    async import(entries, { upsert }) {
      const nowIso = new Date(clock()).toISOString()
      return await writeMissing(database, (db) => writeUsers(db, entries, { upsert, nowIso }))
    },
  }
}
