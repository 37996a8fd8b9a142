import { type AnySchema, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabases } from '../../store/databases.ts'
import { hostileQueries } from '../../store/search/hostile.ts'
import { randomQueries } from '../../store/search/noise.ts'
import { createPeople } from '../../store/search/people.ts'
import { startMs } from '../../store/store-case.ts'
import { useServer } from '../server.ts'
import { type Calls, useCalls } from './calls.ts'

const atOnce = 50

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

function encode(q: string): string {
  return Array.from(q, (character) =>
    character.isWellFormed() ? encodeURIComponent(character) : encodeSurrogate(character.charCodeAt(0)),
  ).join('')
}

function encodeSurrogate(unit: number): string {
  const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
  return bytes.map((byte) => `%${byte.toString(16)}`).join('')
}

type Validators = ReadonlyMap<number, ValidateFunction>

/** What the served document says of the body of each answer that a search may get: a page, a refusal, the deadline. */
async function documented(get: (path: string) => Promise<Response>): Promise<Validators> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema((await (await get('/api/v2/openapi.json')).json()) as AnySchema, 'document')
  const schemaOf = (status: number) =>
    `document#/paths/~1users/get/responses/${status}/content/application~1json/schema`
  return new Map([200, 400, 503].map((status) => [status, ajv.compile({ $ref: schemaOf(status) })]))
}

/** How many answers of each status there were. */
async function search(
  { call }: Calls,
  validators: Validators,
  escaped: readonly string[],
): Promise<Map<number, number>> {
  const seen = new Map<number, number>()
  for (let start = 0; start < escaped.length; start += atOnce) {
    const batch = escaped.slice(start, start + atOnce).map(async (q, index) => {
      const totals = index % 2 === 0 ? '&include_totals=true' : ''
      const { status, body, text } = await call('GET', `/users?q=${q}${totals}`)
      const validate = validators.get(status)
      expect(validate, `${status} for q=${q}: ${text}`).toBeDefined()
      const isDocumented = validate?.(body)
      expect(isDocumented, `${q}: ${JSON.stringify(validate?.errors)}`).toBe(true)
      if (status === 200) expect(Array.isArray(body), q).toBe(totals === '')
      else expect(body, q).toMatchObject({ statusCode: status, errorCode: errorCodes[status] })
      expect(text, q).not.toMatch(/\$argon2|sqlite|syntax error at|select /i)
      seen.set(status, (seen.get(status) ?? 0) + 1)
    })
    await Promise.all(batch)
  }
  return seen
}

const errorCodes: Readonly<Record<number, string>> = { 400: 'invalid_query_string', 503: 'operation_timeout' }

/** A search in memory holds the event loop, which no server should be run on. */
const databases = testDatabases().filter(([name]) => name !== 'SQLite in memory')

describe.each(databases)('q of GET /api/v2/users on %s', (_, freshUrl) => {
  const fixture = useServer([], {}, { rateLimits: { management: false } }, freshUrl)
  const calls = useCalls(fixture)
  let validators: Validators = new Map()

  beforeAll(async () => {
    validators = await documented(fixture.get)
    await createPeople({ store: fixture.store, time: { nowMs: startMs } })
  })

  /** Every user, the client that asks, and whether the password still counts. */
  async function everything(): Promise<unknown> {
    const [users, clients] = await Promise.all([
      calls.call(
        'GET',
        '/users?include_totals=true&per_page=100&fields=last_login,last_ip,logins_count,updated_at&include_fields=false',
      ),
      calls.call('GET', '/clients'),
    ])
    const { token_type: tokenType } = await fixture.logIn()
    return { users: users.body, clients: clients.body, tokenType }
  }

  test('10,000 random strings find users or are refused, and change nothing', async () => {
    const before = await everything()
    const seen = await search(calls, validators, randomQueries(10_000).map(encode))
    expect(seen.get(200)).toBeGreaterThan(500)
    expect(seen.get(400)).toBeGreaterThan(500)
    expect(await everything()).toEqual(before)
  }, 60_000)

  test('more than a thousand hostile strings find users or are refused, and change nothing', async () => {
    const before = await everything()
    expect(hostileQueries.length).toBeGreaterThan(1_000)
    const seen = await search(calls, validators, [...hostileQueries.map(encode), ...brokenEscapes])
    expect(seen.get(200)).toBeGreaterThan(200)
    expect(seen.get(400)).toBeGreaterThan(200)
    expect(await everything()).toEqual(before)
  }, 60_000)
})
