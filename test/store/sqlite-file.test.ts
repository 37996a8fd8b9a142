import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { adaId, ada, connection } from './store-case.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

const writer = fileURLToPath(new URL('sqlite-writer.ts', import.meta.url))
const startWriter = (path: string, name: string, users: number) =>
  spawn(process.execPath, [writer, `sqlite:${path}`, name, String(users)], { stdio: ['ignore', 'pipe', 'inherit'] })

test('what was stored is there after the store is opened again, in a folder that was made for it', async () => {
  const path = join(folder, 'new', 'deep', 'kept.db')
  const first = await openStore(`sqlite:${path}`)
  const created = await first.users.create({ ...ada, password: 'correct horse' })
  await first.keys.save([{ kid: 'k' }])
  await first.close()
  const second = await openStore(`sqlite:${path}`)
  expect(await second.users.get(adaId)).toEqual(created)
  expect(await second.users.authenticate({ connection, identifier: 'ada', password: 'correct horse' })).toEqual(created)
  expect(await second.keys.load()).toEqual([{ kid: 'k' }])
  await second.close()
})

test.skipIf(process.platform === 'win32')('only the owner may read the file: it holds private keys', async () => {
  const path = join(folder, 'private.db')
  const store = await openStore(`sqlite:${path}`)
  await store.users.create(ada)
  expect([path, `${path}-wal`, `${path}-shm`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  await store.close()
})

test('several stores on one file in one process wait for each other', async () => {
  const url = `sqlite:${join(folder, 'together.db')}`
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url)))
  await stores[0]?.users.create(ada)
  const changes = stores.flatMap((store, one) =>
    Array.from({ length: 10 }, (_, two) => store.users.update(adaId, { app_metadata: { [`${one}-${two}`]: true } })),
  )
  await Promise.all(changes)
  expect(Object.keys((await stores[1]?.users.get(adaId))?.app_metadata ?? {})).toHaveLength(50)
  await Promise.all(stores.map((store) => store.close()))
})

test('several processes that start on one new file migrate it once, share its keys, and lose no write', async () => {
  const path = join(folder, 'shared.db')
  const writers = ['a', 'b', 'c', 'd'].map((name) => startWriter(path, name, 25))
  const exits = Promise.all(writers.map((child) => once(child, 'exit')))
  const output = await Promise.all(writers.map((child) => text(child.stdout)))
  expect((await exits).map(([code]) => code)).toEqual([0, 0, 0, 0])
  expect(new Set(output.map((lines) => lines.split('\n')[0])).size).toBe(1)
  const store = await openStore(`sqlite:${path}`)
  expect(await store.users.findByEmail('same@example.com')).toHaveLength(100)
  await store.close()
})

test('SIGKILL loses no write that was acknowledged and leaves no half of another', async () => {
  const path = join(folder, 'killed.db')
  const child = startWriter(path, 'k', 100_000)
  const acknowledged: string[] = []
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line)
    if (acknowledged.length === 100) child.kill('SIGKILL')
  }
  if (child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  const store = await openStore(`sqlite:${path}`)
  for (const id of acknowledged.slice(1)) expect(await store.users.get(id)).toBeDefined()
  await store.close()
  const database = new DatabaseSync(path, { readOnly: true })
  const halves = database.prepare(
    `select count(*) as halves from users left join identities using (user_id)
     left join identifiers using (provider, identity_id) where identities.user_id is null or identifiers.identifier is null`,
  )
  expect(halves.get()).toEqual({ halves: 0 })
  expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
  database.close()
})

describe('a file that cannot be used', () => {
  const refused = { code: 'STORE_FAILED' }

  test('is named when it is no database', async () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'not a database, but long enough to be read as the header of one: '.repeat(20))
    await expect(openStore(`sqlite:${path}`)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(path),
    })
  })

  test('is refused when it is a folder', async () => {
    await expect(openStore(`sqlite:${folder}`)).rejects.toMatchObject(refused)
  })

  test("is left as it is when it is another program's, or from a newer version", async () => {
    const theirs = join(folder, 'theirs.db')
    const other = new DatabaseSync(theirs)
    other.exec("create table users (name text); insert into users values ('kept')")
    await expect(openStore(`sqlite:${theirs}`)).rejects.toMatchObject(refused)
    expect(other.prepare('select * from users').all()).toEqual([{ name: 'kept' }])
    expect(other.prepare("select name from sqlite_schema where name = 'identities'").all()).toEqual([])
    other.close()

    const newer = join(folder, 'newer.db')
    await (await openStore(`sqlite:${newer}`)).close()
    const raw = new DatabaseSync(newer)
    raw.exec("insert into kysely_migration values ('999-from-the-future', '2099-01-01T00:00:00.000Z')")
    raw.close()
    await expect(openStore(`sqlite:${newer}`)).rejects.toMatchObject(refused)
  })
})
