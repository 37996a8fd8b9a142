import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { RedirectStore, SuspendedRedirect } from '../../contract/redirects.ts'
import type { Database } from '../database/database.ts'
import { readJson } from '../database/json.ts'
import type { RedirectsTable } from '../database/tables.ts'

export function createRedirectStore(database: Database): RedirectStore {
  return {
    async save({ state, userId, expiresAtMs, ...content }) {
      const row = {
        state_hash: hashState(state),
        user_id: userId ?? '',
        document: JSON.stringify(content),
        expires_at_ms: expiresAtMs,
      }
      await database.run(
        (db) => db.insertInto('redirects').values(row).execute(),
        'The user of this login does not exist any more, or the state is taken.',
      )
    },
    async get(state) {
      const row = await database.run((db) =>
        db.selectFrom('redirects').selectAll().where('state_hash', '=', hashState(state)).executeTakeFirst(),
      )
      return row && toRedirect(state, row)
    },
    async take(state) {
      const row = await database.run((db) =>
        db.deleteFrom('redirects').where('state_hash', '=', hashState(state)).returningAll().executeTakeFirst(),
      )
      return row && toRedirect(state, row)
    },
  }
}

function toRedirect(state: string, row: Selectable<RedirectsTable>): SuspendedRedirect {
  const content = readJson(row.document) as Pick<SuspendedRedirect, 'waitsFor' | 'login' | 'metadata'>
  return { state, userId: row.user_id, expiresAtMs: Number(row.expires_at_ms), ...content }
}

function hashState(state: string): string {
  return createHash('sha256').update(state).digest('base64url')
}
