import { randomUUID } from 'node:crypto'
import type { LoginLog, LoginLogStore } from '../../contract/login-logs.ts'
import type { Database } from '../database/database.ts'
import { readJson } from '../database/json.ts'
import { countRows, limitToPage } from '../database/page.ts'

export function createLoginLogStore(database: Database): LoginLogStore {
  return {
    async write({ atMs, ...log }) {
      const row = { log_id: randomUUID(), user_id: log.user_id ?? null, at_ms: atMs, document: JSON.stringify(log) }
      await database.run((db) => db.insertInto('login_logs').values(row).execute())
    },
    async listByUser(userId, { page, perPage, oldestFirst = false }) {
      const direction = oldestFirst ? 'asc' : 'desc'
      return await database.transaction(async (db) => {
        const query = db.selectFrom('login_logs').where('user_id', '=', userId)
        const total = await countRows(query)
        const sorted = query.selectAll().orderBy('at_ms', direction).orderBy('log_id', direction)
        const rows = await limitToPage(sorted, { page, perPage }).execute()
        const logs = rows.map((row) => ({
          ...(readJson(row.document) as Omit<LoginLog, 'atMs'>),
          log_id: row.log_id,
          atMs: Number(row.at_ms),
        }))
        return { logs, total }
      })
    },
    async purgeBefore(ms) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('login_logs').where('at_ms', '<', ms).executeTakeFirstOrThrow(),
      )
      return Number(numDeletedRows)
    },
  }
}
