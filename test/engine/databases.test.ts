import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HostModules, createEngine } from 'claimsmith'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkRules } from '../../src/migration/check/check-rules.ts'
import { testPostgres } from '../store/databases.ts'

const script = (body: string): string =>
  `async function (user, context, callback) { ${body}; callback(null, user, context) }`

describe.each<readonly [name: string, use: string]>([
  ['pg', "require('pg')"],
  ['pg', 'pg.connect()'],
  ['pg', 'postgres()'],
  ['mysql', 'mysql()'],
  ['mysql2', "require('mysql2/promise')"],
  ['tedious', "require('tedious@1.11.0')"],
  ['tedious', 'sqlserver.connect()'],
  ['mongodb', "require('mongodb')"],
  ['mongo-getdb', 'mongo()'],
  ['mysql', 'mysql_pool()'],
  ['node-cassandra-cql', 'new cql.Client()'],
  ['couchbase', 'new couchbase.Cluster()'],
  ['knex', 'Knex()'],
  ...'cassandra-driver ioredis mariadb mongoose mssql oracledb pg-pool pg-promise postgres redis sequelize'
    .split(' ')
    .map((name) => [name, `require('${name}')`] as const),
])('a rule that uses the driver %s by %s', (name, use) => {
  test('is refused with the module and the cure, and check says the same', async () => {
    const rules = [{ name: 'orders', script: script(use) }]
    const engine = createEngine({ rules, limits: { workers: 1 } })
    const { error } = await engine.run({ user: {} })
    await engine.close()
    expect(error).toMatchObject({ code: 'MODULE_REFUSED', rule: 'orders' })
    expect(error?.message).toContain(`createEngine({ modules: { ${JSON.stringify(name)}: {`)
    const folder = mkdtempSync(join(tmpdir(), 'claimsmith-drivers-'))
    writeFileSync(join(folder, 'orders.js'), script(use))
    const { findings, verdict } = checkRules(folder).rules[0] ?? {}
    rmSync(folder, { recursive: true })
    expect(verdict).toBe('will not run')
    expect(findings?.[0]?.cure).toContain(`createEngine({ modules: { ${JSON.stringify(name)}: {`)
  })
})

describe.each(testPostgres())('a host module over a real %s', (_, freshUrl) => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: await freshUrl(), max: 2 })
  })
  afterAll(() => pool.end())

  const rows = async (text: string, values: unknown[]): Promise<unknown[]> => (await pool.query(text, values)).rows
  const run = async (body: string, modules: HostModules) => {
    const engine = createEngine({ rules: [{ name: 'orders', script: script(body) }], modules, limits: { workers: 1 } })
    const outcome = await engine.run({ user: { email: 'ada@example.com' } })
    await engine.close()
    return outcome
  }

  test('gives a rule what its query finds, dates included', async () => {
    const body = `const [row] = await require('orders').of(user.email); user.last = row.at; user.who = row.who`
    const find = (email: string) => rows("SELECT $1::text AS who, '2026-01-31T00:00:00Z'::timestamptz AS at", [email])
    const { user } = await run(body, { orders: { of: find } })
    expect(user).toMatchObject({ who: 'ada@example.com', last: new Date('2026-01-31T00:00:00Z') })
  })

  test('may have the name of the driver, so that a rule asks for it as before', async () => {
    const { user } = await run(`user.sum = (await require('pg').query('SELECT 40 + $1::int AS sum', [2]))[0].sum`, {
      pg: { query: rows },
    })
    expect(user).toMatchObject({ sum: 42 })
  })

  test('tells a rule what the database refuses, with its code', async () => {
    const body = `await require('orders').of().catch(({ code }) => { user.code = code })`
    const { user } = await run(body, { orders: { of: () => rows('SELECT * FROM there_is_no_such_table', []) } })
    expect(user).toMatchObject({ code: '42P01' })
  })
})
