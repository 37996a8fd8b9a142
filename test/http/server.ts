import { afterAll, beforeAll } from 'vitest'
import { type AuthServer, createAuthServer } from '../../src/http/server.ts'
import type { AuthServerOptions } from '../../src/http/server-options.ts'
import type { RuleInput } from '../../src/profile/rule/rule.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/contract/store.ts'

export const issuer = 'http://127.0.0.1:3999'
export const password = 'correct horse battery staple'
const connection = 'Username-Password-Authentication'

export interface Fixture {
  readonly store: Store
  readonly server: AuthServer
  readonly adaId: string
  /** POST /oauth/token as a form. */
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** A password login of ada's; its tokens. */
  logIn(more?: Record<string, string>): Promise<Record<string, string>>
  get(path: string, token?: string): Promise<Response>
}

export const app = { client_id: 'app', client_secret: 'app-secret-app-secret' }

/** A whole server in memory, with one user, two clients and these rules, for the tests of one file. */
export function useServer(
  rules: readonly RuleInput[],
  login: AuthServerOptions['login'] = {},
  options: Partial<Pick<AuthServerOptions, 'trustProxy' | 'rateLimits' | 'onInternalError'>> = {},
  freshUrl: () => Promise<string> = async () => 'memory:',
): Fixture {
  let store: Store
  let server: AuthServer
  let adaId = ''

  beforeAll(async () => {
    store = await openStore(await freshUrl())
    const picture = 'https://provider.example/ada.png'
    const ada = await store.users.create({
      connection,
      email: 'ada@example.com',
      name: 'Ada',
      password,
      picture,
      user_metadata: { picture: 'https://chosen.example/ada.png' },
      app_metadata: { roles: ['admin'] },
    })
    adaId = ada.user_id ?? ''
    await store.clients.create({
      ...app,
      name: 'App',
      grant_types: ['password', 'refresh_token', 'http://auth0.com/oauth/grant-type/password-realm'],
      client_metadata: { tier: 'gold' },
    })
    await store.clients.create({
      client_id: 'manager',
      client_secret: 'manager-secret:with/odd+chars',
      name: 'Manager',
      grant_types: ['client_credentials'],
      audience: `${issuer}/api/v2/`,
      scopes: ['read:users', 'update:users'],
    })
    server = await createAuthServer({ issuer, store, engine: { rules, limits: { workers: 1 } }, login, ...options })
  })
  afterAll(async () => {
    await server.close()
    await store.close()
  })

  async function token(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams(form)
    return server.handler(new Request(`${issuer}/oauth/token`, { method: 'POST', body, headers }), {
      ip: '203.0.113.9',
    })
  }

  return {
    get store() {
      return store
    },
    get server() {
      return server
    },
    get adaId() {
      return adaId
    },
    token,
    async logIn(more = {}) {
      const response = await token({ grant_type: 'password', ...app, username: 'ada@example.com', password, ...more })
      if (response.status !== 200) throw new Error(`the login failed: ${await response.text()}`)
      return (await response.json()) as Record<string, string>
    },
    get: (path, accessToken) =>
      server.handler(
        new Request(`${issuer}${path}`, {
          headers: accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` },
        }),
      ),
  }
}

export function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}
