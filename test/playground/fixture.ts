import { afterAll, beforeAll } from 'vitest'
import { seedDemo } from '../../src/cli/demo/demo.ts'
import { type AuthServer, createAuthServer } from '../../src/http/server.ts'
import { createLoginEmitter } from '../../src/login/run/login-emitter.ts'
import type { Access } from '../../src/playground/http/issue-session.ts'
import { type Playground, createPlayground } from '../../src/playground/playground.ts'
import { createStoreRuleRepository } from '../../src/playground/rules/store-rule-repository.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'

const overlay = { picture: 'user_metadata.picture || picture' }
const password = 'correct horse battery staple'

export interface Answer {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look at what is there
  readonly body: any
}

export interface PlaygroundFixture {
  readonly issuer: string
  readonly store: Store
  readonly server: AuthServer
  readonly playground: Playground
  /** Sends a request to the playground with the server behind it. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** Calls a route below `/playground/api` with the page's own token. */
  call(method: 'GET' | 'POST', route: string, body?: unknown, token?: string): Promise<Answer>
  /** A token for the demo's management client. */
  managementToken(scope: string): Promise<string>
  /** A password login of a demo user; the response of the token endpoint. */
  logIn(username: string): Promise<Response>
  idOf(email: string): Promise<string>
}

export interface FixtureOptions {
  /** A folder of rules to serve. */
  readonly rules?: string
  readonly access?: Access
  /** A folder of recorded logins. */
  readonly recordings?: string
  freshIssuer?(): Promise<string>
}

/** The demo's users, clients and connection, with a playground, for the tests of one file. */
export function usePlayground({
  rules,
  access = 'open',
  recordings,
  freshIssuer,
}: FixtureOptions = {}): PlaygroundFixture {
  let issuer = 'http://127.0.0.1:3999'
  let store: Store
  let server: AuthServer
  let playground: Playground
  let pageToken = ''

  beforeAll(async () => {
    issuer = (await freshIssuer?.()) ?? issuer
    store = await openStore('memory:')
    await seedDemo(store, issuer)
    const loginEmitter = createLoginEmitter()
    server = await createAuthServer({
      issuer,
      store,
      engine: { rules: rules ?? [], limits: { workers: 1 } },
      login: { overlay, onLogin: loginEmitter.emit },
    })
    playground = createPlayground({
      server,
      store,
      repository: createStoreRuleRepository(store, rules),
      access,
      loginEmitter,
      overlay,
      ...(recordings !== undefined && { recordings }),
    })
  })
  afterAll(async () => {
    await playground.close()
    await server.close()
    await store.close()
  })

  const send = (path: string, init?: RequestInit): Promise<Response> =>
    playground.handler(new Request(`${issuer}${path}`, init), { ip: '203.0.113.9' })

  async function sessionToken(): Promise<string> {
    const { token = '' } = (await (await send('/playground/api/session')).json()) as { token?: string }
    return token
  }

  return {
    get issuer() {
      return issuer
    },
    get store() {
      return store
    },
    get server() {
      return server
    },
    get playground() {
      return playground
    },
    send,
    async call(method, route, body, token) {
      pageToken = pageToken === '' ? await sessionToken() : pageToken
      const headers = { authorization: `Bearer ${token ?? pageToken}`, 'content-type': 'application/json' }
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
      const response = await send(`/playground/api${route}`, init)
      return { status: response.status, body: await response.json() }
    },
    async managementToken(scope) {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'demo-management',
        client_secret: 'demo-management-secret',
        audience: `${issuer}/api/v2/`,
        scope,
      })
      const response = await send('/oauth/token', { method: 'POST', body })
      return ((await response.json()) as { access_token: string }).access_token
    },
    logIn(username) {
      const client = { client_id: 'demo-app', client_secret: 'demo-app-secret' }
      const body = new URLSearchParams({ grant_type: 'password', ...client, username, password })
      return send('/oauth/token', { method: 'POST', body })
    },
    async idOf(email) {
      const [user] = await store.users.findByEmail(email)
      return user?.user_id ?? ''
    },
  }
}
