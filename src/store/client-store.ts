import { createHash, timingSafeEqual } from 'node:crypto'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { Database } from './sql/database.ts'
import { readJson } from './sql/json.ts'
import type { Client, ClientStore } from './store.ts'

export function createClientStore(database: Database): ClientStore {
  const find = async (clientId: string) =>
    await database.run((db) =>
      db.selectFrom('clients').selectAll().where('client_id', '=', clientId).executeTakeFirst(),
    )
  return {
    async get(clientId) {
      const row = await find(clientId)
      return row && (readJson(row.document) as Client)
    },
    async create(input) {
      const { client_secret: secret, ...client } = input
      if (typeof secret !== 'string' || secret === '') {
        throw new ClaimsmithError('INVALID_ARGUMENT', 'client_secret must be a string that is not empty.')
      }
      const row = { client_id: client.client_id, secret_hash: hashSecret(secret).toString('hex') }
      const document = JSON.stringify(client)
      await database.run(
        (db) =>
          db
            .insertInto('clients')
            .values({ ...row, document })
            .execute(),
        'There is a client with this client_id already.',
      )
      return readJson(document) as Client
    },
    async authenticate(clientId, clientSecret) {
      const row = await find(clientId)
      const known = row === undefined ? hashSecret('') : Buffer.from(row.secret_hash, 'hex')
      const matches = timingSafeEqual(hashSecret(clientSecret), known)
      return row !== undefined && matches ? (readJson(row.document) as Client) : undefined
    },
  }
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
