import { type AnySchema, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { beforeAll, expect } from 'vitest'
import { createPeople } from '../../store/search/people.ts'
import { startMs } from '../../store/store-case.ts'
import { useServer } from '../server.ts'
import { useCalls } from './calls.ts'

const atOnce = 50
const errorCodes: Readonly<Record<number, string>> = { 400: 'invalid_query_string', 503: 'operation_timeout' }

export interface Searches {
  /** Asks for users by each of these values of `q`, escaped as they stand; counts the answers of each status. */
  search(escaped: readonly string[]): Promise<ReadonlyMap<number, number>>
  /** Reads every user, the client that asks, and whether the password still counts. */
  readEverything(): Promise<unknown>
}

/** Writes a search into a URL, half a surrogate pair as it would be if it were allowed. */
export function encode(q: string): string {
  return Array.from(q, (character) =>
    character.isWellFormed() ? encodeURIComponent(character) : encodeSurrogate(character.charCodeAt(0)),
  ).join('')
}

function encodeSurrogate(unit: number): string {
  const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
  return bytes.map((byte) => `%${byte.toString(16)}`).join('')
}

type Validators = ReadonlyMap<number, ValidateFunction>

/** Compiles what the served document says of the body of each answer that a search may get: a page, a refusal, the deadline. */
async function compileDocumented(get: (path: string) => Promise<Response>): Promise<Validators> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema((await (await get('/api/v2/openapi.json')).json()) as AnySchema, 'document')
  const schemaOf = (status: number) =>
    `document#/paths/~1users/get/responses/${status}/content/application~1json/schema`
  return new Map([200, 400, 503].map((status) => [status, ajv.compile({ $ref: schemaOf(status) })]))
}

/** A server with people to search for, for the tests of a `describe`. */
export function useSearches(freshUrl: () => Promise<string>): Searches {
  const fixture = useServer([], {}, { rateLimits: { management: false } }, freshUrl)
  const { call } = useCalls(fixture)
  let validators: Validators = new Map()

  beforeAll(async () => {
    validators = await compileDocumented(fixture.get)
    await createPeople({ store: fixture.store, time: { nowMs: startMs } })
  })

  async function searchOnce(q: string, withTotals: boolean): Promise<number> {
    const { status, body, text } = await call('GET', `/users?q=${q}${withTotals ? '&include_totals=true' : ''}`)
    const validate = validators.get(status)
    expect(validate, `${status} for q=${q}: ${text}`).toBeDefined()
    const isDocumented = validate?.(body)
    expect(isDocumented, `${q}: ${JSON.stringify(validate?.errors)}`).toBe(true)
    if (status === 200) expect(Array.isArray(body), q).toBe(!withTotals)
    else expect(body, q).toMatchObject({ statusCode: status, errorCode: errorCodes[status] })
    expect(text, q).not.toMatch(/\$argon2|sqlite|syntax error at|select /i)
    return status
  }

  return {
    async search(escaped) {
      const seen = new Map<number, number>()
      for (let start = 0; start < escaped.length; start += atOnce) {
        const batch = escaped.slice(start, start + atOnce)
        const statuses = await Promise.all(batch.map((q, index) => searchOnce(q, index % 2 === 0)))
        for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1)
      }
      return seen
    },
    async readEverything() {
      const volatile = 'fields=last_login,last_ip,logins_count,updated_at&include_fields=false'
      const [users, clients] = await Promise.all([
        call('GET', `/users?include_totals=true&per_page=100&${volatile}`),
        call('GET', '/clients'),
      ])
      const { token_type: tokenType } = await fixture.logIn()
      return { users: users.body, clients: clients.body, tokenType }
    },
  }
}
