import type pg from 'pg'
import { searchTimeoutMs } from '../sql/database/database.ts'
import type { Rows, SqlConnection } from '../sql/database/dialect.ts'
import { createSqlCompiler } from './template.ts'

/** PostgreSQL's error code after `statement_timeout` ended a query. */
export const queryCanceled = '57014'

/** PostgreSQL keeps a named statement as long as its connection. So their number is bounded, and connections are replaced. */
export const maxSearchesPerConnection = 5000
const maxStatements = 64

type NamedQuery = Omit<pg.QueryArrayConfig, 'name'> & { readonly name: string | undefined }

/** The names of a connection's prepared statements, by their text. */
type Statements = Map<string, string>

/**
 * Runs searches on a pool whose connections have the timeout of a search.
 *
 * - A timeout per transaction would cost three more round trips.
 * - Texts repeat with changing values, so they are named statements, which PostgreSQL parses once.
 */
export function createPostgresRunner(
  pool: pg.Pool,
  planCacheMode: 'auto' | 'force_custom_plan',
): SqlConnection['search'] {
  const write = createSqlCompiler((number) => `$${number}`)
  const clientStatements = new WeakMap<pg.PoolClient, Statements>()

  async function initStatements(client: pg.PoolClient): Promise<Statements> {
    const statements: Statements = new Map()
    await client.query(`set plan_cache_mode = ${planCacheMode}`)
    clientStatements.set(client, statements)
    return statements
  }

  return async (query, { timeoutMs }) => {
    const deadlineMs = Date.now() + timeoutMs
    const { text, values } = write(query)
    const client = await pool.connect()
    try {
      const name = assignName(text, clientStatements.get(client) ?? (await initStatements(client)))
      const remainingMs = deadlineMs - Date.now()
      if (remainingMs <= 0) throw Object.assign(new Error('The search had no time left.'), { code: queryCanceled })
      const run = async () => await queryRows(client, { name, text, values: values as unknown[], rowMode: 'array' })
      return timeoutMs < searchTimeoutMs ? await runWithTimeout(client, remainingMs, run) : await run()
    } finally {
      client.release()
    }
  }
}

/** The name of the text's statement. Undefined if the connection has the maximum of statements; the query then has no name. */
function assignName(text: string, statements: Statements): string | undefined {
  const name = statements.get(text)
  if (name !== undefined || statements.size >= maxStatements) return name
  const newName = `search_${statements.size}`
  statements.set(text, newName)
  return newName
}

/**
 * With the driver's callback, not its promises: a promise in old space kept the next result alive. Half of all results
 * survived until the next full GC.
 */
function queryRows(client: pg.PoolClient, query: NamedQuery): Promise<Rows> {
  return new Promise((resolve, reject) => {
    client.query<unknown[]>(query as pg.QueryArrayConfig, (error, result) => {
      if (error instanceof Error) reject(error)
      else resolve(result.rows)
    })
  })
}

/** Runs a query with a shorter timeout than its connection's. */
async function runWithTimeout<Result>(
  client: pg.PoolClient,
  timeoutMs: number,
  run: () => Promise<Result>,
): Promise<Result> {
  await client.query(`begin read only; set local statement_timeout = ${timeoutMs}`)
  try {
    return await run()
  } finally {
    await client.query('rollback').catch(() => undefined)
  }
}
