import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Connection } from '../../../profile/context/connection.ts'
import { connectionProperties, isSecretOption } from '../../../profile/context/connection.ts'
import { isKeysUrl } from '../../../profile/context/keys-url.ts'
import { createValidator } from '../../../profile/schema/create-validator.ts'
import type { ConnectionPatch, ConnectionStore, NewConnection } from '../../contract/connections.ts'
import type { Database } from '../database/database.ts'
import { generateId } from '../database/generate-id.ts'
import { readJson } from '../database/json.ts'
import type { ConnectionsTable } from '../database/tables.ts'

const checkMembers = createValidator<NewConnection>(
  {
    type: 'object',
    properties: connectionProperties,
    required: ['name', 'strategy'],
    additionalProperties: false,
  },
  'The connection',
)

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
        const totals = await query.select((select) => select.fn.countAll().as('total')).executeTakeFirstOrThrow()
        const pageRows = query
          .selectAll()
          .orderBy('name')
          .limit(perPage)
          .offset(page * perPage)
        return { rows: await pageRows.execute(), total: Number(totals.total) }
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
        'There is a connection with this name already.',
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
        'The connection of this assertion is not there any more.',
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
    // Writing first takes the row: of two changes at once, each sees what the other left.
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

function applyPatch(current: NewConnection, patch: ConnectionPatch): object {
  const options = keepSecrets(patch.options ?? current.options, current.options)
  const members = Object.entries({ ...current, ...omitUndefined(patch), options })
  return Object.fromEntries(members.filter(([, value]) => value !== null))
}

function mergeEnabledClients(current: readonly string[] | undefined, clients: ReadonlyMap<string, boolean>): string[] {
  const added = [...clients].filter(([, status]) => status).map(([id]) => id)
  if (current === undefined && added.length === 0) {
    throw createConnectionError('every client may use it; say first which ones, by setting enabled_clients')
  }
  return [...new Set([...(current ?? []), ...added])].filter((id) => clients.get(id) !== false)
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
      throw new ClaimsmithError('STORE_CONFLICT', 'There are users of this connection; delete them first.')
    }
    const { numDeletedRows } = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirstOrThrow()
    return numDeletedRows > 0n
  })
}

/** Nobody can read a secret to send it back, so a change that does not mention it leaves it. */
function keepSecrets(options: unknown, current: unknown): unknown {
  if (!isRecord(options) || !isRecord(current)) return options
  const keptSecrets = Object.entries(current).filter(([name]) => isSecretOption(name) && !(name in options))
  const newEntries = Object.entries(options).map(([name, value]) => [name, keepSecrets(value, current[name])] as const)
  return Object.fromEntries([...keptSecrets, ...newEntries])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toColumns(connection: Omit<Connection, 'id' | 'name' | 'strategy'>) {
  return { issuer: connection.options.issuer ?? null, document: JSON.stringify(connection) }
}

function toConnection({ id, name, strategy, document }: Omit<Selectable<ConnectionsTable>, 'issuer'>): Connection {
  return { id, name, strategy, ...(readJson(document) as Omit<Connection, 'id' | 'name' | 'strategy'>) }
}

function checkConnection(input: unknown): NewConnection {
  const connection = omitUndefined(checkMembers(input))
  const { jwks, jwks_uri: jwksUri } = connection.options ?? {}
  if (jwks?.keys.some((key) => 'd' in key || 'k' in key) === true) {
    throw createConnectionError('options.jwks holds a private or a secret key; give public keys only')
  }
  if (jwksUri !== undefined && !isKeysUrl(jwksUri)) {
    throw createConnectionError('options.jwks_uri must be an https URL, or an http URL on this machine')
  }
  return connection
}

function createConnectionError(why: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', `The connection was refused: ${why}.`)
}

function omitUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}
