import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { adaId, ada, connection } from './store-case.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

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
