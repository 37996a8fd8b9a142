import { Kysely, PostgresDialect, sql } from 'kysely'
import type pg from 'pg'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { requirePeer } from '../../../errors/require-peer.ts'
import { postgresSearch } from '../../search/postgres-dialect.ts'
import { searchTimeoutMs } from './database.ts'
import type { SqlConnection, SqlDialect } from './dialect.ts'
import { retryWhileBusy } from './retry-while-busy.ts'
import { maxSearchesPerConnection, queryCanceled, createPostgresRunner } from '../../search/postgres-runner.ts'
import type { Tables } from './tables.ts'

const postgresDialect: SqlDialect = {
  name: 'postgres',
  jsonType: 'jsonb',
  documentType: 'json',
  byteOrderedText: sql`text collate "C"`,
  // `array(select …)` is cheaper to plan and to run than an aggregate, and is empty instead of null.
  identitiesExpression: `array_to_json(array(select document from identities where identities.user_id = users.user_id order by position))`,
  search: postgresSearch,
  lockUsers: (query) => query.forUpdate('users'),
  classifyError(error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // unique_violation, foreign_key_violation (PostgreSQL, appendix A)
    if (code === '23505') return 'conflict'
    if (code === '23503') return 'missingReference'
    if (code === queryCanceled) return 'timeout'
    return typeof code === 'string' && retryableCodes.has(code) ? 'busy' : 'other'
  },
}

/**
 * Errors after which the work can be retried.
 *
 * - serialization_failure, deadlock_detected, lock_not_available: the transaction was rolled back.
 * - too_many_connections, cannot_connect_now: the transaction has not begun.
 * - invalid_schema_name: another schema was dropped while the migrator listed all schemas.
 */
const retryableCodes: ReadonlySet<string> = new Set(['40001', '40P01', '55P03', '53300', '57P03', '3F000'])

const maxConnections = 10
const connectTimeoutMs = 10_000
const statementTimeoutMs = 30_000
/** The server ends a statement before this. If it says nothing at all, the connection is dead, and a caller must not wait for it. */
const silenceTimeoutMs = statementTimeoutMs + connectTimeoutMs
/** Few connections, so that slow searches do not slow logins down. */
const maxSearchConnections = { any: 4, byKey: 2 }

/**
 * Connects to a PostgreSQL database, `postgres://user:password@host:5432/database`.
 *
 * @throws {ClaimsmithError} PACKAGE_MISSING if pg is not installed; STORE_FAILED if the database cannot be reached. The message
 *   never contains the URL.
 */
export async function openPostgres(url: string): Promise<SqlConnection> {
  if (!URL.canParse(url))
    throw new ClaimsmithError(
      'INVALID_ARGUMENT',
      'The PostgreSQL URL is malformed; it has the form postgres://user:password@host:5432/database.',
    )
  const pool = createPool(url, { max: maxConnections, statement_timeout: statementTimeoutMs })
  try {
    const { rows } = await retryWhileBusy(
      (error) => postgresDialect.classifyError(error) === 'busy',
      () => pool.query<{ schema: string | null }>('select current_schema() as schema'),
    )
    const schema = rows[0]?.schema ?? undefined
    if (schema === undefined) throw new Error('its search_path names no schema that exists')
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    return { dialect: postgresDialect, kysely, schema, lookUp: createLookUp(pool), ...createSearches(url) }
  } catch (error) {
    await pool.end()
    throw toOpenError(error)
  }
}

/** Loads the driver, which users of other databases need not install. */
function loadDriver(): typeof pg {
  return requirePeer('pg', 'A store on PostgreSQL') as typeof pg
}

function createPool(url: string, options: pg.PoolConfig): pg.Pool {
  const { Pool } = loadDriver()
  const pool = new Pool({
    ...options,
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: silenceTimeoutMs,
    keepAlive: true,
    application_name: 'claimsmith',
  })
  // The pool replaces a broken connection, and the running query rejects with the error. The events repeat it. Without a
  // listener they would end the process: the pool's event for an idle connection, the client's for one in use.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** As named statements, which PostgreSQL plans once per connection. */
function createLookUp(pool: pg.Pool): SqlConnection['lookUp'] {
  return async ({ name, sql: text, parameters }) => {
    const { rows } = await pool.query<unknown[]>({ name, text, values: [...parameters], rowMode: 'array' })
    return rows
  }
}

/** Searches have separate connections, so that logins never wait for them. */
function createSearches(url: string): Pick<SqlConnection, 'search' | 'close'> {
  const options = { maxUses: maxSearchesPerConnection, statement_timeout: searchTimeoutMs, types: { getTypeParser } }
  const any = createPool(url, { ...options, max: maxSearchConnections.any })
  const byKey = createPool(url, { ...options, max: maxSearchConnections.byKey })
  // A generic plan would treat common and rare values alike. The values of a key are all rare, so it is safe there.
  const searchAny = createPostgresRunner(any, 'force_custom_plan')
  const searchByKey = createPostgresRunner(byKey, 'auto')
  return {
    search: async (query, searchOptions) =>
      await (searchOptions.selectivity === 'key' ? searchByKey : searchAny)(query, searchOptions),
    close: async () => void (await Promise.all([any.end(), byKey.end()])),
  }
}

/** JSON stays text: of all users that a search finds, only those of the page are parsed. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) => {
  const { builtins, getTypeParser: getDefaultParser } = loadDriver().types
  return type === builtins.JSON || type === builtins.JSONB ? String : (getDefaultParser(type, format) as unknown)
}

/** The driver's message about a failed connection names host, user and database, never the password. */
function toOpenError(error: unknown): ClaimsmithError {
  const { message, code } = error as { readonly message?: string; readonly code?: string }
  const reason = message === undefined || message === '' ? (code ?? 'no reason given') : message
  return new ClaimsmithError('STORE_FAILED', `The PostgreSQL database could not be opened: ${reason}.`)
}
