import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

/** A database to test on, and how to get a new, empty one: the URL for `openStore`. */
export type TestDatabase = readonly [name: string, freshUrl: () => Promise<string>]

const server = process.env['CLAIMSMITH_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** The reason why there is no PostgreSQL to test on; undefined when there is one. */
const postgresMissing: string | undefined = await reasonAgainst(server)

/** Every database that this machine can test on; what they made is gone when the test file ends. */
export function testDatabases(): readonly TestDatabase[] {
  const sqlite = folderOfDatabases()
  return [['SQLite in memory', async () => 'memory:'], ['SQLite in a file', async () => sqlite()], ...testPostgres()]
}

/** PostgreSQL alone; where there is none, a skipped test that says why. */
export function testPostgres(): readonly TestDatabase[] {
  if (postgresMissing === undefined) return [['PostgreSQL', schemas()]]
  const reason = `not on PostgreSQL (${postgresMissing}): set CLAIMSMITH_TEST_POSTGRES to the URL of one`
  process.stderr.write(`${reason}\n`)
  test('PostgreSQL', ({ skip }) => {
    skip(reason)
    expect(postgresMissing).toBeUndefined()
  })
  return []
}

function folderOfDatabases(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-store-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let files = 0
  return () => `sqlite:${join(folder, `${(files += 1)}.db`)}`
}

/** A schema for each store: faster than a database for each, and as empty. */
function schemas(): () => Promise<string> {
  const made: string[] = []
  afterAll(async () => {
    if (made.length === 0) return
    // One at a time: a transaction can only lock so many tables.
    await query(...made.map((name) => `drop schema "${name}" cascade`))
  }, 120_000)
  return async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await query(`create schema "${name}"`)
    made.push(name)
    const url = new URL(server)
    url.searchParams.set('options', `-csearch_path=${name}`)
    return url.href
  }
}

async function query(...texts: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2_000 })
  await client.connect()
  try {
    for (const text of texts) await client.query(text)
  } finally {
    await client.end()
  }
}

async function reasonAgainst(url: string): Promise<string | undefined> {
  try {
    await query('select 1')
    return undefined
  } catch (error) {
    if (process.env['CLAIMSMITH_TEST_POSTGRES'] !== undefined) throw error
    const { message, code } = error as { message: string; code?: string }
    return `${new URL(url).host}: ${message === '' ? code : message}`
  }
}
