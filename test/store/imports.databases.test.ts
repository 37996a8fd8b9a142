import { describe, expect, test } from 'vitest'
import { createEntryReader } from '../../src/store/import/entry-reader.ts'
import { openStore } from '../../src/store/index.ts'
import { testDatabases } from './databases.ts'
import { connection } from './store-case.ts'

const shared = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(shared)('several importers of one database: %s', (_, freshUrl) => {
  test('that import the same users at once make each of them once', async () => {
    const url = await freshUrl()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)))
    const users = Array.from({ length: 200 }, (__, index) => ({ email: `u${index}@example.com` }))
    const imports = stores.map(async (store) => {
      const entries = users.map(createEntryReader(connection))
      const halves = [entries.slice(0, 100), entries.slice(100)]
      const results = []
      for (const half of halves) results.push(...(await store.users.import(half, { upsert: false })))
      return results
    })
    const all = (await Promise.all(imports)).flat()
    expect(all.filter(({ status }) => status === 'inserted')).toHaveLength(200)
    expect(all.filter(({ status }) => status === 'present')).toHaveLength(600)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('that take jobs at once get each job once', async () => {
    const url = await freshUrl()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)))
    const create = () => stores[0]?.jobs.createImport({ connectionId: 'c', parameters: {}, input: '[]' })
    const made = await Promise.all([create(), create(), create()])
    expect(made.filter((job) => job === undefined)).toHaveLength(1)
    const taken = await Promise.all(stores.map((store) => store.jobs.claimImport()))
    const ids = taken.flatMap((work) => (work === undefined ? [] : [work.job.id]))
    expect(new Set(ids).size).toBe(ids.length)
    await Promise.all(stores.map((store) => store.close()))
  })
})
