import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { findReasonAgainstPostgres, postgresUrl, queryPostgres } from './postgres-server.ts'

/** A database to test on, and how to get a new, empty one: the URL for `openStore`. */
export type TestDatabase = readonly [name: string, freshUrl: () => Promise<string>]

/** The databases that the tests of this project run on; a project of `vitest.config.ts` provides it. */
const wanted = inject('databases')

/** The host and port of the PostgreSQL that tests use. */
export const postgresHost: string = new URL(postgresUrl).host

/** The reason why there is no PostgreSQL to test on; undefined if there is one, or if nobody wants one. */
const missing = wanted === 'sqlite' ? undefined : await findReasonAgainstPostgres()

/** The databases that this project tests on; what they made is gone when the test file ends. */
export function testDatabases(): readonly TestDatabase[] {
  return [...(wanted === 'postgres' ? [] : testSqlite()), ...(wanted === 'sqlite' ? [] : testPostgres())]
}

/** PostgreSQL alone; if there is none, a skipped test that says why. */
export function testPostgres(): readonly TestDatabase[] {
  if (missing === undefined) return [['PostgreSQL', schemas()]]
  test('PostgreSQL', ({ skip }) => {
    skip(missing)
    expect(missing).toBeUndefined()
  })
  return []
}

function testSqlite(): readonly TestDatabase[] {
  const sqlite = folderOfDatabases()
  return [
    ['SQLite in memory', async () => 'memory:'],
    ['SQLite in a file', async () => sqlite()],
  ]
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
    await queryPostgres(...made.map((name) => `drop schema "${name}" cascade`))
  }, 120_000)
  return async () => {
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await queryPostgres(`create schema "${name}"`)
    made.push(name)
    const url = new URL(postgresUrl)
    url.searchParams.set('options', `-csearch_path=${name}`)
    return url.href
  }
}
