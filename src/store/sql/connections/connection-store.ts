import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Connection } from '../../../profile/context/connection.ts'
import type { ConnectionStore, NewConnection } from '../../contract/connections.ts'
import type { Database } from '../database/database.ts'
import { generateId } from '../database/generate-id.ts'
import { countRows, limitToPage } from '../database/page.ts'
import { readJson } from '../database/json.ts'
import type { ConnectionsTable } from '../database/tables.ts'
import { applyPatch, mergeEnabledClients } from './change-connection.ts'
import { checkConnection, createConnectionError } from './check-connection.ts'

export function createConnectionStore(database: Database): ConnectionStore {
  const find = async (column: 'id' | 'name', value: string) => {
    const row = await database.run((db) =>
      db.selectFrom('connections').selectAll().where(column, '=', value).executeTakeFirst(),
    )
    return row && toConnection(row)
  }
  return {
    async list({ page, perPage, strategy, name, after }) {
      const { rows, total } = await database.transaction(async (db) => {
        let query = db.selectFrom('connections')
        if (strategy !== undefined) query = query.where('strategy', '=', strategy)
        if (name !== undefined) query = query.where('name', '=', name)
        if (after !== undefined) query = query.where('name', '>', after)
        const pageRows = limitToPage(query.selectAll().orderBy('name'), { page, perPage })
        return { rows: await pageRows.execute(), total: await countRows(query) }
      })
      return { connections: rows.map(toConnection), total }
    },
    get: async (id) => await find('id', id),
    getByName: async (name) => await find('name', name),
    async findByIssuer(issuer) {
      const rows = await database.run((db) =>
        db.selectFrom('connections').selectAll().where('issuer', '=', issuer).orderBy('name').execute(),
      )
      return rows.map(toConnection)
    },
    async create(input) {
      const { name, strategy, ...rest } = checkConnection(input)
      const row = { id: generateId('con'), name, strategy, ...toColumns({ options: {}, ...rest }) }
      await database.run(
        (db) => db.insertInto('connections').values(row).execute(),
        'A connection with this name exists already.',
      )
      return toConnection(row)
    },
    update: async (id, patch) => await changeConnection(database, id, (current) => applyPatch(current, patch)),
    async enable(id, clients) {
      const connection = await changeConnection(database, id, (current) => ({
        ...current,
        enabled_clients: mergeEnabledClients(current.enabled_clients, clients),
      }))
      return connection !== undefined
    },
    delete: async (id) => await deleteConnection(database, id),
    async useAssertion({ connectionId, jti, expiresAtMs }) {
      const hash = createHash('sha256').update(jti).digest('base64url')
      const row = { connection_id: connectionId, jti_hash: hash, expires_at_ms: expiresAtMs }
      const { numInsertedOrUpdatedRows: inserted = 0n } = await database.run(
        (db) =>
          db
            .insertInto('used_assertions')
            .values(row)
            .onConflict((conflict) => conflict.columns(['connection_id', 'jti_hash']).doNothing())
            .executeTakeFirstOrThrow(),
        'The connection of this assertion does not exist any more.',
      )
      return inserted > 0n
    },
  }
}

/** Reads, changes, checks and writes in one transaction. */
async function changeConnection(
  database: Database,
  id: string,
  change: (current: NewConnection) => object,
): Promise<Connection | undefined> {
  return await database.transaction(async (db) => {
    // The write locks the row, so that a concurrent change waits and then reads this one.
    await db.updateTable('connections').set({ id }).where('id', '=', id).execute()
    const row = await db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return undefined
    const { id: _, ...current } = toConnection(row)
    const { name, strategy, ...rest } = checkConnection(change(current))
    if (name !== current.name || strategy !== current.strategy)
      throw createConnectionError('its name and strategy never change')
    const columns = toColumns({ options: current.options, ...rest })
    await db.updateTable('connections').set(columns).where('id', '=', id).execute()
    return toConnection({ ...row, ...columns })
  })
}

async function deleteConnection(database: Database, id: string): Promise<boolean> {
  return await database.transaction(async (db) => {
    const users = await db
      .selectFrom('identities')
      .innerJoin('connections', 'connections.name', 'identities.connection')
      .select('identities.user_id')
      .where('connections.id', '=', id)
      .limit(1)
      .executeTakeFirst()
    if (users !== undefined) {
      throw new ClaimsmithError('STORE_CONFLICT', 'The connection has users; delete them first.')
    }
    const { numDeletedRows } = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  })
}

function toColumns(connection: Omit<Connection, 'id' | 'name' | 'strategy'>) {
  return { issuer: connection.options.issuer ?? null, document: JSON.stringify(connection) }
}

function toConnection({ id, name, strategy, document }: Omit<Selectable<ConnectionsTable>, 'issuer'>): Connection {
  return { id, name, strategy, ...(readJson(document) as Omit<Connection, 'id' | 'name' | 'strategy'>) }
}
