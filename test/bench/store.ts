import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { openStore, type Store } from 'claimsmith/store'
import pg from 'pg'
import { type Entrant, measure } from './measure.ts'
import type { Figure } from './report.ts'
import { type Seeded, seedPostgres, seedSqlite, userId } from './seed-users.ts'

const server = process.env['CLAIMSMITH_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'
/** As many as the store has connections for searches. */
const atOnce = 4

/** One thing that is asked of the store, and the SQL that somebody would write for it. */
interface Comparison {
  readonly name: string
  readonly ask: (store: Store, user: number) => Promise<unknown>
  readonly where: { readonly sqlite: string; readonly postgres: string }
  readonly parameters: (user: number, database: 'sqlite' | 'postgres') => readonly (string | number)[]
  readonly times: number
}

const email = (user: number) => `user${user}@example${user % 1000}.com`
const tier = (user: number) => `tier-${user % 10_000}`
const inTerms = 'user_id in (select user_id from user_terms where value = ? and name = ?)'

const comparisons: readonly Comparison[] = [
  {
    name: 'GET /users/{id}',
    ask: ({ users }, user) => users.get(userId(user)),
    where: { sqlite: 'user_id = ?', postgres: 'user_id = $1' },
    parameters: (user) => [userId(user)],
    times: 600,
  },
  {
    name: 'email',
    ask: ({ users }, user) => users.list({ q: `email:"${email(user)}"` }),
    where: { sqlite: 'email_folded = ?', postgres: 'email_folded = $1' },
    parameters: (user) => [email(user)],
    times: 600,
  },
  {
    name: 'user_id',
    ask: ({ users }, user) => users.list({ q: `user_id:"${userId(user)}"` }),
    where: { sqlite: 'user_id = ?', postgres: 'user_id = $1' },
    parameters: (user) => [userId(user)],
    times: 600,
  },
  {
    name: 'app_metadata.account, one user',
    ask: ({ users }, user) => users.list({ q: `app_metadata.account:${user}` }),
    where: {
      sqlite: `${inTerms} and json_extract(app_metadata, '$.account') = ?`,
      postgres: 'app_metadata @> $1',
    },
    parameters: (user, database) =>
      database === 'sqlite' ? [user, 'account', user] : [JSON.stringify({ account: user })],
    times: 400,
  },
  {
    name: 'app_metadata.subscription.tier, a ten-thousandth of the users',
    ask: ({ users }, user) => users.list({ q: `app_metadata.subscription.tier:${tier(user)}` }),
    where: {
      sqlite: `${inTerms} and json_extract(app_metadata, '$.subscription.tier') = ?`,
      postgres: 'app_metadata @> $1',
    },
    parameters: (user, database) =>
      database === 'sqlite'
        ? [tier(user), 'tier', tier(user)]
        : [JSON.stringify({ subscription: { tier: tier(user) } })],
    times: 100,
  },
]

/** What the store adds to the SQL that it runs: a million users on PostgreSQL where there is one, 100,000 on SQLite. */
export async function store(): Promise<Figure[]> {
  return [...(await onSqlite(100_000)), ...(await onPostgres(1_000_000))]
}

async function onSqlite(users: number): Promise<Figure[]> {
  const seeded = await seedSqlite(users)
  const database = new DatabaseSync(seeded.url.slice('sqlite:'.length))
  const identities =
    '(select json_group_array(json(document) order by position) from identities where identities.user_id = users.user_id)'
  const direct = ({ where, parameters }: Comparison) => {
    const statement = database.prepare(handWritten(identities, where.sqlite))
    return async (user: number) =>
      statement.all(...parameters(user, 'sqlite')).map((row) => ({
        ...row,
        app_metadata: JSON.parse(String(row['app_metadata'])) as unknown,
        user_metadata: JSON.parse(String(row['user_metadata'])) as unknown,
        attributes: JSON.parse(String(row['attributes'])) as unknown,
        identities: JSON.parse(String(row['identities'])) as unknown,
      }))
  }
  try {
    const ratios = await compare('SQLite', seeded, users, direct)
    return [...ratios, await longestPause(seeded)]
  } finally {
    database.close()
    await seeded.drop()
  }
}

async function onPostgres(users: number): Promise<Figure[]> {
  if (!(await answers(server))) return []
  const seeded = await seedPostgres(server, users)
  const pool = new pg.Pool({ connectionString: seeded.url, max: atOnce })
  const identities =
    '(select json_agg(document order by position) from identities where identities.user_id = users.user_id)'
  const direct = ({ where, parameters }: Comparison) => {
    const text = handWritten(identities, where.postgres)
    return async (user: number) => (await pool.query(text, [...parameters(user, 'postgres')])).rows as unknown[]
  }
  try {
    return await compare('PostgreSQL', seeded, users, direct)
  } finally {
    await pool.end()
    await seeded.drop()
  }
}

function handWritten(identities: string, where: string): string {
  return `select users.*, ${identities} as identities from users where ${where} order by created_at, user_id limit 50`
}

type Direct = (comparison: Comparison) => (user: number) => Promise<readonly unknown[]>

async function compare(on: string, { url }: Seeded, users: number, direct: Direct): Promise<Figure[]> {
  const opened = await openStore(url)
  let last = 0
  // 7919 is prime, so all users come, far from each other.
  const next = (): number => 1 + (last = (last + 7919) % users)
  const close = (): void => undefined
  const entrants = comparisons.flatMap((comparison): Entrant[] => {
    const { name, ask, times } = comparison
    const byHand = direct(comparison)
    return [
      [name, { run: () => ask(opened, next()), close }, times],
      [`${name}, by hand`, { run: () => byHand(next()), close }, times],
    ]
  })
  try {
    const us = await measure(entrants, atOnce)
    return comparisons.flatMap(({ name }): Figure[] => {
      const [ours = Number.NaN, theirs = Number.NaN] = [us.get(name), us.get(`${name}, by hand`)]
      return [
        { name: `${on}, ${name}`, value: ours, unit: 'µs' },
        { name: '  ÷ the same SQL by hand', value: ours / theirs, unit: '×', most: 1.3 },
      ]
    })
  } finally {
    await opened.close()
  }
}

/** Searches that read every user, have much to compare, or find much. */
const hard: readonly string[] = [
  '',
  'name:*ly4*',
  `name:*${'a*'.repeat(900)}`,
  'NOT app_metadata.plan:free',
  'app_metadata.plan:*pro',
  '_exists_:app_metadata.nothing',
  'logins_count:[3 TO 5] AND app_metadata.subscription.seats:[1 TO 400]',
  Array.from({ length: 64 }, (_, index) => `picture:*${index}.png`).join(' OR '),
]

/** How long the event loop stood still at most while searches ran. */
async function longestPause({ url }: Seeded): Promise<Figure> {
  const opened = await openStore(url)
  const resolution = 2
  const delays = monitorEventLoopDelay({ resolution })
  await opened.users.list({ q: 'email:nobody@example.com' })
  delays.enable()
  for (const q of hard) {
    const search = opened.users.list({ q, perPage: 100, includeTotals: true }).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'SEARCH_TIMEOUT') throw error
    })
    await Promise.all([
      search,
      opened.users.list({ q: 'email.domain:example7.com', perPage: 100 }).catch(() => undefined),
    ])
  }
  delays.disable()
  await opened.close()
  return { name: 'SQLite, longest pause of the event loop', value: delays.max / 1e6 - resolution, unit: 'ms', most: 50 }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    return true
  } catch {
    console.log(`  not on PostgreSQL: none answers; set CLAIMSMITH_TEST_POSTGRES to the URL of one`)
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
