import type pg from 'pg'
import { searchTimeoutMs } from '../sql/database/database.ts'
import type { Rows, SqlConnection } from '../sql/database/dialect.ts'
import { createSqlCompiler } from './template.ts'

/** What PostgreSQL says when `statement_timeout` ends a query. */
export const queryCanceled = '57014'

/** PostgreSQL keeps a named statement as long as its connection: few of them, and each connection for so many searches. */
export const maxSearchesPerConnection = 5000
const maxStatements = 64

type NamedQuery = Omit<pg.QueryArrayConfig, 'name'> & { readonly name: string | undefined }

/** The names of the statements that a connection has, by their text. */
type Statements = Map<string, string>

/**
 * Searches on connections whose timeout is a search's: a timeout that is set for one transaction costs three round trips
 * more. Texts repeat, with ever new values, so that PostgreSQL need not read each of them again.
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
      if (remainingMs <= 0) throw Object.assign(new Error('No time was left.'), { code: queryCanceled })
      const run = async () => await queryRows(client, { name, text, values: values as unknown[], rowMode: 'array' })
      return timeoutMs < searchTimeoutMs ? await runWithTimeout(client, remainingMs, run) : await run()
    } finally {
      client.release()
    }
  }
}

/** Undefined when the connection has no room for another: then the query runs without a name. */
function assignName(text: string, statements: Statements): string | undefined {
  const name = statements.get(text)
  if (name !== undefined || statements.size >= maxStatements) return name
  const newName = `search_${statements.size}`
  statements.set(text, newName)
  return newName
}

/**
 * The promises that the driver makes keep one result alive by the one before, once that has grown old: half of what searches
 * found lived on till the next full collection.
 */
function queryRows(client: pg.PoolClient, query: NamedQuery): Promise<Rows> {
  return new Promise((resolve, reject) => {
    client.query<unknown[]>(query as pg.QueryArrayConfig, (error, result) => {
      if (error instanceof Error) reject(error)
      else resolve(result.rows)
    })
  })
}

/** Runs a query that may not even take the timeout of its connection. */
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
