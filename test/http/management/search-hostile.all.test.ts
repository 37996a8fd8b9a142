import { describe, expect, test } from 'vitest'
import { testDatabases } from '../../store/databases.ts'
import { hostileQueries } from '../../store/search/hostile.ts'
import { encode, useSearches } from './use-searches.ts'

/** Bytes that are no UTF-8, and escapes that are none; half a surrogate pair is written as it would be if it were allowed. */
const brokenEscapes = [
  '%FF',
  '%C0%80',
  '%ED%A0%80',
  '%',
  '%zz',
  '%u0041',
  'a%00b',
  '%F8%88%80%80%80',
  '%E2%82',
  '+%2B+',
]

/** A search in memory holds the event loop, which no server should be run on. */
const databases = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(databases)('q of GET /api/v2/users on %s', (_, freshUrl) => {
  const { search, readEverything } = useSearches(freshUrl)

  test('a thousand hostile strings find users or are refused, and change nothing', { timeout: 60_000 }, async () => {
    const before = await readEverything()
    expect(hostileQueries.length).toBeGreaterThan(1_000)
    const seen = await search([...hostileQueries.map(encode), ...brokenEscapes])
    expect(seen.get(200)).toBeGreaterThan(200)
    expect(seen.get(400)).toBeGreaterThan(200)
    expect(await readEverything()).toEqual(before)
  })
})
