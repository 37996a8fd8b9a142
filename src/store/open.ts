import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { createClientStore } from './sql/clients/client-store.ts'
import { createConnectionStore } from './sql/connections/connection-store.ts'
import { createJobStore } from './sql/jobs/job-store.ts'
import { createKeyStore } from './sql/keys/key-store.ts'
import { createLoginLogStore } from './sql/logins/login-log-store.ts'
import { createLoginStore } from './sql/logins/login-store.ts'
import { createPasswords } from './passwords/passwords.ts'
import { createRedirectStore } from './sql/logins/redirect-store.ts'
import { createRoleStore } from './sql/roles/role-store.ts'
import { createRuleStore } from './sql/rules/rule-store.ts'
import { createDatabase } from './sql/database/database.ts'
import type { SqlConnection } from './sql/database/dialect.ts'
import { migrate } from './migrations/migrate.ts'
import { openPostgres } from './sql/database/postgres.ts'
import { openSqlite } from './sql/database/sqlite.ts'
import type { Store } from './contract/store.ts'
import { parseStoreUrl, storeUrlForms } from './store-url.ts'
import { createUserStore } from './sql/users/user-store.ts'

export interface StoreOptions {
  /** Milliseconds since 1970, for `created_at` and `updated_at`. Default `Date.now`. */
  readonly clock?: (() => number) | undefined
}

/**
 * Opens a store and brings its tables up to date. Several processes may do so at the same time.
 *
 * - `memory:` lasts as long as the process.
 * - `sqlite:data/claimsmith.db` is a file; it is created if it does not exist.
 * - `postgres://user:password@host/database` is a database that several servers can share.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the URL has another form; PACKAGE_MISSING if pg is not installed, which a store on
 *   PostgreSQL needs; STORE_FAILED if the database cannot be opened.
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const { clock = Date.now } = options
  const connection = await connect(url)
  try {
    await migrate(connection)
  } catch (error) {
    await connection.close()
    await connection.kysely.destroy()
    throw error
  }
  const database = createDatabase(connection)
  const passwords = createPasswords()
  return {
    users: createUserStore({ database, passwords, clock }),
    clients: createClientStore(database),
    connections: createConnectionStore(database),
    logins: createLoginStore(database),
    redirects: createRedirectStore(database),
    loginLogs: createLoginLogStore(database),
    roles: createRoleStore(database),
    jobs: createJobStore({ database, clock }),
    rules: createRuleStore(database),
    keys: createKeyStore(database),
    async close() {
      await passwords.close()
      await database.close()
    },
  }
}

async function connect(url: string): Promise<SqlConnection> {
  const location = parseStoreUrl(url)
  // The message does not repeat the URL: it may contain a password.
  if (location === undefined) throw new ClaimsmithError('INVALID_ARGUMENT', `A store URL is ${storeUrlForms}.`)
  if (location.kind === 'postgres') return await openPostgres(url)
  const path = location.kind === 'memory' ? ':memory:' : location.path
  try {
    return openSqlite(path)
  } catch (cause) {
    throw new ClaimsmithError('STORE_FAILED', `The SQLite database ${path} could not be opened.`, { cause })
  }
}
