import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import { readJson } from '../database/json.ts'
import type { Tables } from '../database/tables.ts'
import type { KeyStore, StoredKey } from '../../contract/keys.ts'

/** The keys are one row, so that they are replaced together. */
const name = 'signing'

export function createKeyStore(database: Database): KeyStore {
  return {
    load: async () => await database.run(loadKeys),
    async initialise(keys) {
      const row = { name, jwks: JSON.stringify(keys) }
      return await database.transaction(async (db) => {
        await db
          .insertInto('keyrings')
          .values(row)
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute()
        return await loadKeys(db)
      })
    },
    async save(keys) {
      const jwks = JSON.stringify(keys)
      await database.run((db) =>
        db
          .insertInto('keyrings')
          .values({ name, jwks })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ jwks }))
          .execute(),
      )
    },
  }
}

async function loadKeys(db: Kysely<Tables>): Promise<StoredKey[]> {
  const row = await db.selectFrom('keyrings').select('jwks').where('name', '=', name).executeTakeFirst()
  return row === undefined ? [] : (readJson(row.jwks) as StoredKey[])
}
