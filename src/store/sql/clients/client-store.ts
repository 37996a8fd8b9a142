import { createHash, timingSafeEqual } from 'node:crypto'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Client, ClientPatch, ClientStore, NewClient } from '../../contract/clients.ts'
import type { Database } from '../database/database.ts'
import { readJson } from '../database/json.ts'
import { omitUndefined } from '../database/omit-undefined.ts'
import { countRows, limitToPage } from '../database/page.ts'

export function createClientStore(database: Database): ClientStore {
  const find = async (clientId: string) =>
    await database.run((db) =>
      db.selectFrom('clients').selectAll().where('client_id', '=', clientId).executeTakeFirst(),
    )
  return {
    async list({ page, perPage }) {
      return await database.transaction(async (db) => {
        const query = db.selectFrom('clients')
        const total = await countRows(query)
        const rows = limitToPage(query.select('document').orderBy('client_id'), { page, perPage })
        return { clients: (await rows.execute()).map(toClient), total }
      })
    },
    async get(clientId) {
      const row = await find(clientId)
      return row && toClient(row)
    },
    async create(input) {
      const row = toRow(input)
      await database.run(
        (db) => db.insertInto('clients').values(row).execute(),
        'A client with this client_id exists already.',
      )
      return toClient(row)
    },
    update: async (clientId, patch) => await changeClient(database, clientId, patch),
    async delete(clientId) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('clients').where('client_id', '=', clientId).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    async authenticate(clientId, clientSecret) {
      const row = await find(clientId)
      const expectedHash = row === undefined ? hashSecret('') : Buffer.from(row.secret_hash, 'hex')
      const matches = timingSafeEqual(hashSecret(clientSecret), expectedHash)
      return row !== undefined && matches ? toClient(row) : undefined
    },
  }
}

async function changeClient(database: Database, clientId: string, patch: ClientPatch): Promise<Client | undefined> {
  const { client_secret: secret, ...members } = patch
  const removedMember = (['name', 'grant_types', 'client_secret'] as const).find((name) => patch[name] === null)
  if (removedMember !== undefined) throw new ClaimsmithError('INVALID_ARGUMENT', `${removedMember} cannot be removed.`)
  return await database.transaction(async (db) => {
    // The write locks the row, so that a concurrent change waits and then reads this one.
    await db.updateTable('clients').set({ client_id: clientId }).where('client_id', '=', clientId).execute()
    const row = await db.selectFrom('clients').selectAll().where('client_id', '=', clientId).executeTakeFirst()
    if (row === undefined) return undefined
    const merged = Object.entries({ ...toClient(row), ...omitUndefined(members) })
    const document = JSON.stringify(Object.fromEntries(merged.filter(([, value]) => value !== null)))
    const secretHash = secret === undefined || secret === null ? row.secret_hash : toSecretHash(secret)
    const columns = { document, secret_hash: secretHash }
    await db.updateTable('clients').set(columns).where('client_id', '=', clientId).execute()
    return toClient(columns)
  })
}

function toRow({ client_secret: secret, ...client }: NewClient) {
  return { client_id: client.client_id, secret_hash: toSecretHash(secret), document: JSON.stringify(client) }
}

function toClient({ document }: { readonly document: unknown }): Client {
  // A JavaScript program can create a client without `grant_types`; such a client may use no grant.
  return { grant_types: [], ...(readJson(document) as Partial<Client>) } as Client
}

function toSecretHash(secret: string): string {
  if (typeof secret === 'string' && secret !== '') return hashSecret(secret).toString('hex')
  throw new ClaimsmithError('INVALID_ARGUMENT', 'client_secret must be a string that is not empty.')
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
