import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { createEntryReader } from '../../src/store/import/entry-reader.ts'
import { openStore } from '../../src/store/open.ts'
import type { Figure } from './report.ts'

const users = 10_000
const usersAtOnce = 500
const connection = 'Username-Password-Authentication'
const hash = '$2b$10$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'
const server = process.env['CLAIMSMITH_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** Users with hashes, from the parsed file to the committed rows. */
export async function imports(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-bench-'))
  const sqlite = await usersPerSecond(`sqlite:${join(folder, 'users.db')}`)
  rmSync(folder, { recursive: true })
  const figures: Figure[] = [{ name: 'import, SQLite', value: sqlite, unit: 'users a second', least: 2_000 }]
  const postgres = await onPostgres()
  return postgres === undefined
    ? figures
    : [...figures, { name: 'import, PostgreSQL', value: postgres, unit: 'users a second' }]
}

async function usersPerSecond(url: string): Promise<number> {
  const store = await openStore(url)
  const file = Array.from({ length: users }, (_, index) => ({
    email: `user-${index}@example.com`,
    email_verified: true,
    user_id: `user-${index}`,
    given_name: 'User',
    family_name: String(index),
    password_hash: hash,
    app_metadata: { plan: 'pro', roles: ['reader', 'writer'] },
    user_metadata: { language: 'en' },
  }))
  const startedAtMs = performance.now()
  const read = createEntryReader(connection)
  for (let at = 0; at < users; at += usersAtOnce) {
    const results = await store.users.import(file.slice(at, at + usersAtOnce).map(read), { upsert: false })
    if (results.some(({ status }) => status !== 'inserted')) throw new Error('a user of the bench was not imported')
  }
  const tookMs = performance.now() - startedAtMs
  await store.close()
  return (users / tookMs) * 1_000
}

/** Undefined where no PostgreSQL answers. */
async function onPostgres(): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
  } catch {
    return undefined
  }
  const schema = `bench_${randomUUID().replaceAll('-', '')}`
  await client.query(`create schema "${schema}"`)
  const url = new URL(server)
  url.searchParams.set('options', `-csearch_path=${schema}`)
  try {
    return await usersPerSecond(url.href)
  } finally {
    await client.query(`drop schema "${schema}" cascade`)
    await client.end()
  }
}
