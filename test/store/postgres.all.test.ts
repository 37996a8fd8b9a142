import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { testPostgres } from './databases.ts'
import { ada, adaId } from './store-case.ts'

describe.each(testPostgres())('%s', (_, freshUrl) => {
  test('connections that the server ends fail what they were doing, and nothing else', async () => {
    const { url, name } = named(await freshUrl())
    const store = await openStore(url)
    await store.users.create(ada)
    await asAnother(url, async (client) => {
      await client.query('begin')
      await client.query('lock table users in exclusive mode')
      const keys = Array.from({ length: 10 }, (__, index) => `k${index}`)
      const changes = Promise.allSettled(
        keys.map((key) => store.users.update(adaId, { app_metadata: { [key]: true } })),
      )
      await waitForLocks(client, name, keys.length)
      await endConnections(client, name)
      await client.query('rollback')
      for (const change of await changes) {
        expect(change).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FAILED' } })
      }
    })
    expect(await store.users.get(adaId)).not.toHaveProperty('app_metadata')
    expect(await store.users.update(adaId, { name: 'Ada' })).toMatchObject({ name: 'Ada' })
    await store.close()
  })

  test('connections that end while nobody uses them are replaced', async () => {
    const { url, name } = named(await freshUrl())
    const store = await openStore(url)
    await Promise.all(Array.from({ length: 10 }, () => store.users.get(adaId)))
    await asAnother(url, async (client) => await endConnections(client, name))
    // The end of a connection may only be noticed by whoever uses it next.
    await Promise.allSettled(Array.from({ length: 10 }, () => store.users.get(adaId)))
    expect(await store.users.create(ada)).toMatchObject({ user_id: adaId })
    await store.close()
  })

  test("a schema with another program's tables is refused, and left as it is", async () => {
    const url = await freshUrl()
    await asAnother(url, async (client) => {
      await client.query('create table passwords (theirs text)')
      await expect(openStore(url)).rejects.toMatchObject({ code: 'STORE_FAILED' })
      const { rows } = await client.query(
        "select tablename from pg_tables where schemaname = current_schema() and tablename not like 'kysely%'",
      )
      expect(rows).toEqual([{ tablename: 'passwords' }])
    })
  })

  test('a search path without a schema is told as such', async () => {
    const url = new URL(await freshUrl())
    url.searchParams.set('options', '-csearch_path=nowhere')
    await expect(openStore(url.href)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('search_path'),
    })
  })
})

/** The same database, and the name that its connections have for the server. */
function named(url: string): { readonly url: string; readonly name: string } {
  const name = `test ${randomUUID()}`
  const { href } = new URL(`${url}&application_name=${encodeURIComponent(name)}`)
  return { url: href, name }
}

async function asAnother(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'another' })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function waitForLocks(client: pg.Client, name: string, wanted: number): Promise<void> {
  for (let waiting = 0; waiting < wanted;) {
    // What a transaction saw of it once, it sees until it ends.
    await client.query('select pg_stat_clear_snapshot()')
    const { rowCount } = await client.query(
      "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
      [name],
    )
    waiting = rowCount ?? 0
  }
}

async function endConnections(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
    [name],
  )
  expect(rowCount).toBeGreaterThan(0)
}
