import type { Selectable } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Database } from '../database/database.ts'
import { readJson } from '../database/json.ts'
import type { LoginsTable, RefreshTokensTable } from '../database/tables.ts'
import type { LoginStore, RefreshToken, RememberedLogin } from '../../contract/logins.ts'

export function createLoginStore(database: Database): LoginStore {
  return {
    remember: async (login) => await remember(database, login),
    async renew(login) {
      const { id, ...row } = toRow(login)
      const { numUpdatedRows } = await database.run((db) =>
        db.updateTable('logins').set(row).where('id', '=', id).executeTakeFirstOrThrow(),
      )
      if (numUpdatedRows === 0n) throw new ClaimsmithError('STORE_CONFLICT', 'This login does not exist any more.')
    },
    async get(id) {
      const row = await database.run((db) =>
        db.selectFrom('logins').selectAll().where('id', '=', id).executeTakeFirst(),
      )
      return row && toLogin(row)
    },
    async forget(id) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('logins').where('id', '=', id).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    purgeExpired: async (nowMs) => await purgeExpired(database, nowMs),
    async saveRefreshToken({ tokenHash, loginId, userId, clientId, connection, scope, audience, expiresAtMs }) {
      const token = { token_hash: tokenHash, login_id: loginId, user_id: userId, client_id: clientId, taken: false }
      const row = { ...token, connection, scope, audience, expires_at_ms: expiresAtMs }
      await database.run(
        (db) => db.insertInto('refresh_tokens').values(row).execute(),
        'The login of this refresh token does not exist any more, or the token is stored already.',
      )
    },
    takeRefreshToken: async (tokenHash) => await takeRefreshToken(database, tokenHash),
  }
}

/** Locks the user. A concurrent block either deletes this login afterwards, or the login finds the user blocked. */
async function remember(database: Database, login: RememberedLogin): Promise<void> {
  await database.transaction(async (db) => {
    const query = db.selectFrom('users').select('blocked').where('user_id', '=', login.userId)
    const user = await database.dialect.lockUsers(query).executeTakeFirst()
    if (user === undefined || Boolean(user.blocked)) {
      throw new ClaimsmithError('STORE_CONFLICT', 'The user of this login does not exist any more, or is blocked.')
    }
    await db.insertInto('logins').values(toRow(login)).execute()
  }, 'A login with this id exists already.')
}

/** An expired login is kept while one of its refresh tokens can still be used. */
async function purgeExpired(database: Database, nowMs: number): Promise<number> {
  return await database.transaction(async (db) => {
    await db.deleteFrom('redirects').where('expires_at_ms', '<', nowMs).execute()
    await db.deleteFrom('used_assertions').where('expires_at_ms', '<', nowMs).execute()
    const tokens = await db.deleteFrom('refresh_tokens').where('expires_at_ms', '<', nowMs).executeTakeFirstOrThrow()
    const logins = await db
      .deleteFrom('logins')
      .where('expires_at_ms', '<', nowMs)
      .where('id', 'not in', (select) =>
        select.selectFrom('refresh_tokens').select('login_id').where('taken', '=', false),
      )
      .executeTakeFirstOrThrow()
    return Number(tokens.numDeletedRows + logins.numDeletedRows)
  })
}

async function takeRefreshToken(database: Database, tokenHash: string): Promise<RefreshToken | undefined> {
  return await database.transaction(async (db) => {
    const token = await db
      .updateTable('refresh_tokens')
      .set({ taken: true })
      .where('token_hash', '=', tokenHash)
      .where('taken', '=', false)
      .returningAll()
      .executeTakeFirst()
    if (token !== undefined) return toRefreshToken(token)
    // The token is unknown or was used before. If it was used, every token of its login is invalidated.
    await db
      .updateTable('refresh_tokens')
      .set({ taken: true })
      .where('login_id', '=', (select) =>
        select.selectFrom('refresh_tokens as used').select('used.login_id').where('used.token_hash', '=', tokenHash),
      )
      .execute()
    return undefined
  })
}

function toRow(login: RememberedLogin) {
  return {
    id: login.id,
    user_id: login.userId,
    client_id: login.clientId,
    connection: login.connection,
    scope: login.scope,
    audience: login.audience,
    profile: JSON.stringify(login.user),
    id_token_claims: JSON.stringify(login.idTokenClaims),
    created_at_ms: login.createdAtMs,
    expires_at_ms: login.expiresAtMs,
  }
}

function toLogin(row: Selectable<LoginsTable>): RememberedLogin {
  return {
    id: row.id,
    userId: row.user_id,
    clientId: row.client_id,
    connection: row.connection,
    scope: row.scope,
    audience: row.audience,
    user: readJson(row.profile) as RememberedLogin['user'],
    idTokenClaims: readJson(row.id_token_claims) as RememberedLogin['idTokenClaims'],
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
  }
}

function toRefreshToken(row: Selectable<RefreshTokensTable>): RefreshToken {
  return {
    tokenHash: row.token_hash,
    loginId: row.login_id,
    userId: row.user_id,
    clientId: row.client_id,
    connection: row.connection,
    scope: row.scope,
    audience: row.audience,
    expiresAtMs: Number(row.expires_at_ms),
  }
}
