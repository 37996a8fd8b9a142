import { beforeAll } from 'vitest'
import { clientScopes } from '../../../src/http/management/scopes.ts'
import { type Fixture, issuer } from '../server.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly text: string
}

export interface Calls {
  /** Calls `/api/v2<path>`, as a client with every scope or with these. */
  call(method: string, path: string, body?: unknown, scopes?: readonly string[]): Promise<Answer>
  /** Calls it with this token. */
  callWith(token: string, method: string, path: string, body?: unknown): Promise<Answer>
}

const client = { client_id: 'everything', client_secret: 'everything-secret' }
const audience = `${issuer}/api/v2/`

const json = { 'content-type': 'application/json' }
const text = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** A management client for the tests of one file. */
export function useCalls(fixture: Fixture): Calls {
  const tokens = new Map<string, Promise<string>>()

  beforeAll(async () => {
    const grant = { grant_types: ['client_credentials'], audience, scopes: clientScopes }
    await fixture.store.clients.create({ ...client, name: 'Everything', ...grant })
  })

  async function tokenFor(scope: string): Promise<string> {
    const response = await fixture.token({ grant_type: 'client_credentials', ...client, audience, scope })
    return ((await response.json()) as { access_token: string }).access_token
  }

  async function callWith(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const authorization = `Bearer ${token}`
    const init =
      body instanceof FormData
        ? { body, headers: { authorization } }
        : { ...(body === undefined ? {} : { body: text(body) }), headers: { authorization, ...json } }
    const response = await fixture.server.handler(new Request(`${issuer}/api/v2${path}`, { method, ...init }))
    const answered = await response.text()
    const parsed = answered === '' ? undefined : (JSON.parse(answered) as unknown)
    return { status: response.status, text: answered, body: parsed }
  }

  return {
    callWith,
    async call(method, path, body, scopes = clientScopes) {
      const scope = scopes.join(' ')
      const token = tokens.get(scope) ?? tokenFor(scope)
      tokens.set(scope, token)
      return callWith(await token, method, path, body)
    },
  }
}

/** The path of a user. */
export function userPath(id: unknown): string {
  return `/users/${encodeURIComponent(String(id))}`
}
