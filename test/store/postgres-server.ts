import pg from 'pg'

const given = process.env['CLAIMSMITH_TEST_POSTGRES']

/** The PostgreSQL that tests use. */
export const postgresUrl: string = given ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** Runs these statements one after the other on a connection of their own. */
export async function queryPostgres(...texts: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    for (const text of texts) await client.query(text)
  } finally {
    await client.end()
  }
}

/**
 * Says why no PostgreSQL can be used and what would help; undefined if one answers.
 *
 * @throws {Error} of the driver, if CLAIMSMITH_TEST_POSTGRES names one that does not answer
 */
export async function findReasonAgainstPostgres(): Promise<string | undefined> {
  try {
    await queryPostgres('select 1')
    return undefined
  } catch (error) {
    if (given !== undefined) throw error
    const { message, code } = error as { message: string; code?: string }
    const found = `${new URL(postgresUrl).host}: ${message === '' ? code : message}`
    return `no PostgreSQL answers (${found}): start one there, or set CLAIMSMITH_TEST_POSTGRES to the URL of one`
  }
}
