import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { UsersPort } from '../../src/engine/ports/users-port.ts'
import { type LoginService, createLoginService } from '../../src/login/login-service.ts'
import type { LoginOptions } from '../../src/login/options.ts'
import type { PasswordGrant } from '../../src/login/grants/password-grant.ts'
import type { RefreshGrant } from '../../src/login/grants/refresh-grant.ts'
import type { Result, TokenSet } from '../../src/login/result/result.ts'
import type { User } from '../../src/profile/user/user.ts'
import { openStore } from '../../src/store/open.ts'
import type { Client } from '../../src/store/contract/clients.ts'
import type { Store } from '../../src/store/contract/store.ts'
import { type TokenIssuer, createIssuer } from '../../src/tokens/issuer.ts'
import { type Keyring, createKeyring } from '../../src/tokens/keyring.ts'

export const issuerUrl = 'https://login.example.com'
export const startMs = Date.parse('2026-11-20T10:00:00Z')
const password = 'correct horse battery staple'
export const client: Client = { client_id: 'app', name: 'App', grant_types: [], client_metadata: { tier: 'gold' } }

export interface Fixture {
  readonly store: Store
  readonly login: LoginService
  readonly issuer: TokenIssuer
  readonly keyring: Keyring
  /** The user of each test, new every time. */
  readonly ada: User & { readonly user_id: string }
  pass(ms: number): void
  password(more?: Partial<PasswordGrant>): Promise<Result<TokenSet>>
  refresh(refreshToken: string | undefined, more?: Partial<RefreshGrant>): Promise<Result<TokenSet>>
}

/** Logins over a store in memory, real keys and one rule, on a clock that stands still. */
export function useLogin(script: string, options: Partial<LoginOptions> = {}, users: UsersPort = {}): Fixture {
  let engine: Engine
  let parts: Omit<Fixture, 'pass' | 'password' | 'refresh' | 'ada'>
  let ada: Fixture['ada']
  let nowMs = startMs
  let count = 0
  const clock = (): number => nowMs
  const request = { ip: '203.0.113.9', hostname: 'login.example.com', query: {}, body: {} }

  beforeAll(async () => {
    const store = await openStore('memory:')
    const rules = [{ name: 'rule', script }]
    engine = createEngine({ rules, limits: { workers: 1 }, users, suspendedLogins: store.redirects, clock })
    const keyring = await createKeyring({ algorithm: 'ES256', clock })
    const issuer = createIssuer({ issuer: issuerUrl, keyring, clock })
    const login = createLoginService({ engine, store, issuer, tenant: 'example', clock, ...options })
    parts = { store, keyring, issuer, login }
  })
  beforeEach(async () => {
    nowMs = startMs
    const user = await parts.store.users.create({
      connection: 'Username-Password-Authentication',
      email: `ada${++count}@example.com`,
      name: 'Ada',
      password,
      app_metadata: { plan: 'pro', email: 'other@example.com', authorization: { roles: ['admin', 7] } },
    })
    ada = { ...user, user_id: user.user_id ?? '' }
  })
  afterAll(async () => {
    await engine.close()
    await parts.store.close()
  })

  return {
    get store() {
      return parts.store
    },
    get login() {
      return parts.login
    },
    get issuer() {
      return parts.issuer
    },
    get keyring() {
      return parts.keyring
    },
    get ada() {
      return ada
    },
    pass(ms) {
      nowMs += ms
    },
    password: (more = {}) =>
      parts.login.password({ client, request, username: ada.email ?? '', password, scope: 'openid', ...more }),
    refresh: (refreshToken = '', more = {}) => parts.login.refresh({ client, request, refreshToken, ...more }),
  }
}

/** The value of a result that must be a success. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.description}`)
  return result.value
}
