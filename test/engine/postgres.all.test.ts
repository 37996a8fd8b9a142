import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { testPostgres } from '../store/databases.ts'

// These tests are about the database: on a busy machine, the start of the driver takes more than the default.
const limits = { workers: 1, cpuPerRuleMs: 1_000, cpuPerLoginMs: 2_000 }

/** The outcome of a login over one rule with this body. */
async function runRule(body: string, options: Partial<EngineOptions>): Promise<Outcome> {
  const script = `async function (user, context, callback) { ${body}; callback(null, user, context) }`
  const engine = createEngine({ rules: [{ name: 'orders', script }], limits, ...options })
  const outcome = await engine.run({ user: { email: 'ada@example.com' } })
  await engine.close()
  return outcome
}

/** The same for a rule that must not fail: a failure shows the error of the rule. */
async function runAllowed(body: string, options: Partial<EngineOptions>): Promise<Outcome> {
  const outcome = await runRule(body, options)
  expect({ outcome: outcome.outcome, error: outcome.error }).toEqual({ outcome: 'allow' })
  return outcome
}

describe.each(testPostgres())('pg inside a rule, on a real %s', (_, freshUrl) => {
  let url: string
  beforeAll(async () => {
    url = await freshUrl()
  })

  const optionsFor = (...allow: string[]) => ({ configuration: { url }, network: { allow } })
  const run = (body: string) => runAllowed(body, optionsFor(new URL(url).host))
  const client = `const { Client } = require('pg'); const client = new Client(configuration.url); await client.connect();`

  test('queries with parameters, and the trace tells of the connection', async () => {
    const { user, rules } = await run(`${client}
      const { rows } = await client.query("SELECT $1::text AS who, '2026-01-31T00:00:00Z'::timestamptz AS at, 40 + 2 AS sum", [user.email])
      await client.end()
      user.row = rows[0]`)
    expect(user['row']).toEqual({ who: 'ada@example.com', at: new Date('2026-01-31T00:00:00Z'), sum: 42 })
    expect(rules[0]?.requests).toEqual([
      { method: 'CONNECT', url: `tcp://${new URL(url).host}`, durationMs: expect.any(Number) as number },
    ])
  })

  test('writes in a transaction what other connections then see', async () => {
    const { user } = await run(`${client}
      await client.query('BEGIN')
      await client.query('CREATE TABLE seen (who text)')
      await client.query('INSERT INTO seen SELECT $1 FROM generate_series(1, 1000)', [user.email])
      await client.query('COMMIT')
      await client.end()
      const { Pool } = require('pg')
      const pool = new Pool({ connectionString: configuration.url, max: 2 })
      const counts = await Promise.all([1, 2, 3].map(() => pool.query('SELECT count(*)::int AS n FROM seen')))
      user.counts = counts.map(({ rows }) => rows[0].n)`)
    expect(user['counts']).toEqual([1000, 1000, 1000])
  })

  test('brings answers of many packets in order', async () => {
    const { user } = await run(`${client}
      const { rows } = await client.query('SELECT n, md5(n::text) AS hash FROM generate_series(1, 2000) AS n')
      user.found = [rows.length, rows[0].n, rows[1999].n, rows[1999].hash]`)
    expect(user['found']).toEqual([2000, 1, 2000, '08f90c1a417155361a5c4b8d297e0d78'])
  })

  test('tells a rule what the database refuses, with its code', async () => {
    const { user } = await run(
      `${client} await client.query('SELECT * FROM nowhere').catch(({ code }) => { user.code = code })`,
    )
    expect(user).toMatchObject({ code: '42P01' })
  })

  test('is what postgres() of Auth0 calls', async () => {
    const { user } = await run(`user.sum = await new Promise((resolve, reject) => {
      postgres(configuration.url, (error, client, done) => {
        if (error) return reject(error)
        client.query('SELECT 40 + $1::int AS sum', [2], (failure, result) => {
          done()
          if (failure) reject(failure)
          else resolve(result.rows[0].sum)
        })
      })
    })`)
    expect(user).toMatchObject({ sum: 42 })
  })

  test('needs the address to be allowed, with the port', async () => {
    for (const allow of [[], ['127.0.0.0/8']]) {
      // oxlint-disable-next-line no-await-in-loop -- one engine at a time
      const { outcome, error, rules } = await runRule(client, optionsFor(...allow))
      expect([outcome, error]).toMatchObject(['error', { code: 'NETWORK_REFUSED', rule: 'orders' }])
      expect(error?.message).toMatch(/connection to .* refused: .*network\.allow/)
      expect(rules[0]?.requests[0]).toMatchObject({ method: 'CONNECT', error: expect.stringContaining('refused') })
    }
  })
})

describe.each(testPostgres())('a host module over a real %s', (_, freshUrl) => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await freshUrl(), max: 2 })
  })
  afterAll(() => pool.end())

  const rows = async (text: string, values: unknown[]): Promise<unknown[]> => (await pool.query(text, values)).rows

  test('gives a rule what its query finds, dates included', async () => {
    const body = `const [row] = await require('orders').of(user.email); user.last = row.at; user.who = row.who`
    const find = (email: string) => rows("SELECT $1::text AS who, '2026-01-31T00:00:00Z'::timestamptz AS at", [email])
    const { user } = await runAllowed(body, { modules: { orders: { of: find } } })
    expect(user).toMatchObject({ who: 'ada@example.com', last: new Date('2026-01-31T00:00:00Z') })
  })

  test('may have the name of the driver, so that a rule asks for it as before', async () => {
    const body = `user.sum = (await require('pg').query('SELECT 40 + $1::int AS sum', [2]))[0].sum`
    const { user } = await runAllowed(body, { modules: { pg: { query: rows } } })
    expect(user).toMatchObject({ sum: 42 })
  })

  test('tells a rule what the database refuses, with its code', async () => {
    const body = `await require('orders').of().catch(({ code }) => { user.code = code })`
    const of = () => rows('SELECT * FROM there_is_no_such_table', [])
    const { user } = await runAllowed(body, { modules: { orders: { of } } })
    expect(user).toMatchObject({ code: '42P01' })
  })
})
