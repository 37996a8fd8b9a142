import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from 'claimsmith/store'
import pg from 'pg'

/** A database full of users, and how to be rid of it. */
export interface Seeded {
  /** For `openStore`. */
  readonly url: string
  drop(): Promise<void>
}

/** The id of the user of this number, from 1. */
export function userId(number: number): string {
  return `auth0|${number.toString(16).padStart(24, '0')}`
}

/** What the two databases write differently. */
interface Words {
  /** A FROM clause that has the numbers as `i`. */
  readonly numbers: string
  readonly hex: string
  readonly createdAt: string
  readonly object: string
  readonly array: string
  readonly no: string
}

/** Every table that a search reads, filled by the database itself. */
function statements({ numbers, hex, createdAt, object, array, no }: Words): readonly string[] {
  const email = `'user' || i || '@example' || (i % 1000) || '.com'`
  const given = `(i % 2000)`
  const family = `(i % 50000)`
  const plan = `case when i % 100 = 0 then 'enterprise' when i % 10 = 0 then 'pro' else 'free' end`
  const connection = `'Username-Password-Authentication'`
  return [
    `insert into users (user_id, email, email_folded, email_domain, email_verified, name, name_folded, given_name,
       given_name_folded, family_name, family_name_folded, nickname, nickname_folded, picture, created_at, updated_at,
       last_login, last_ip, logins_count, user_metadata, app_metadata, attributes)
     select 'auth0|' || ${hex}, ${email}, ${email}, 'example' || (i % 1000) || '.com', i % 3 > 0,
       'Given' || ${given} || ' Family' || ${family}, 'given' || ${given} || ' family' || ${family}, 'Given' || ${given},
       'given' || ${given}, 'Family' || ${family}, 'family' || ${family}, 'user' || i, 'user' || i,
       'https://pictures.example.com/' || i || '.png', ${createdAt}, ${createdAt}, ${createdAt}, '192.0.2.1', 1 + i % 50,
       ${object}('language', 'en', 'theme', 'dark'),
       ${object}('account', i, 'plan', ${plan}, 'roles', ${array}('member', 'team-' || (i % 5000)),
         'subscription', ${object}('tier', 'tier-' || (i % 10000), 'seats', i % 500)), '{}'
     from ${numbers}`,
    `insert into identities (provider, identity_id, user_id, position, connection, document)
     select 'auth0', substr(user_id, 7), user_id, 0, ${connection},
       ${object}('connection', ${connection}, 'provider', 'auth0', 'user_id', substr(user_id, 7), 'isSocial', ${no})
     from users`,
  ]
}

/** A file of its own, filled in one transaction. */
export async function seedSqlite(users: number): Promise<Seeded> {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-bench-'))
  const path = join(folder, 'users.db')
  await (await openStore(`sqlite:${path}`)).close()
  const database = new DatabaseSync(path)
  const words: Words = {
    numbers: `(with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${users}) select i from numbers)`,
    hex: `printf('%024x', i)`,
    createdAt: `strftime('%Y-%m-%dT%H:%M:%S.000Z', 1577836800 + (i * 7919 % 1000003) * 200, 'unixepoch')`,
    object: 'json_object',
    array: 'json_array',
    no: `json('false')`,
  }
  database.exec(['begin', ...statements(words), 'commit'].join(';'))
  database.close()
  return { url: `sqlite:${path}`, drop: async () => rmSync(folder, { recursive: true }) }
}

/** A schema of its own; its indexes are made afterwards, as whoever fills a large table does. */
export async function seedPostgres(server: string, users: number): Promise<Seeded> {
  const schema = `bench_${process.pid}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  const drop = async (): Promise<void> => {
    await client.query(`drop schema ${schema} cascade`)
    await client.end()
  }
  const url = new URL(server)
  url.searchParams.set('options', `-csearch_path=${schema}`)
  await client.query(`create schema ${schema}; set search_path to ${schema}; set maintenance_work_mem to '256MB'`)
  try {
    await (await openStore(url.href)).close()
    const indexes = await client.query<{ name: string; statement: string }>(
      `select indexname as name, indexdef as statement from pg_indexes where schemaname = $1 and tablename in ('users', 'identities')
       and not exists (select from pg_constraint where conname = indexname and connamespace = $1::regnamespace)`,
      [schema],
    )
    const words: Words = {
      numbers: `generate_series(1, ${users}::bigint) as numbers(i)`,
      hex: `lpad(to_hex(i), 24, '0')`,
      createdAt: `to_char(timestamp '2020-01-01' + (i * 7919 % 1000003) * interval '200 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')`,
      object: 'jsonb_build_object',
      array: 'jsonb_build_array',
      no: 'false',
    }
    for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
    for (const statement of statements(words)) await client.query(statement)
    for (const { statement } of indexes.rows) await client.query(statement)
    await client.query('vacuum (analyze) users')
    await client.query('vacuum (analyze) identities')
  } catch (error) {
    await drop()
    throw error
  }
  return { url: url.href, drop }
}
