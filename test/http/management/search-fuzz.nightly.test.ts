import { describe, expect, test } from 'vitest'
import { testDatabases } from '../../store/databases.ts'
import { randomQueries } from '../../store/search/noise.ts'
import { encode, useSearches } from './use-searches.ts'

/** A search in memory holds the event loop, which no server should be run on. */
const databases = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(databases)('q of GET /api/v2/users on %s', (_, freshUrl) => {
  const { search, readEverything } = useSearches(freshUrl)

  test('10,000 random strings find users or are refused, and change nothing', { timeout: 60_000 }, async () => {
    const before = await readEverything()
    const seen = await search(randomQueries(10_000).map(encode))
    expect(seen.get(200)).toBeGreaterThan(500)
    expect(seen.get(400)).toBeGreaterThan(500)
    expect(await readEverything()).toEqual(before)
  })
})
