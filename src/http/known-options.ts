import { engineOptionNames } from '../engine/options/known-options.ts'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { assertKnownNames, described } from '../errors/known-names.ts'
import type { LoginOptions } from '../login/options.ts'
import { defaultRateLimits } from './limits/rate-limits.ts'
import type { AuthServerOptions } from './server-options.ts'

const server: Readonly<Record<keyof AuthServerOptions, true>> = {
  issuer: true,
  store: true,
  engine: true,
  login: true,
  hooks: true,
  onError: true,
  onRefusedRules: true,
  trustProxy: true,
  rateLimits: true,
}

const login: Readonly<Record<keyof Omit<LoginOptions, 'engine' | 'store' | 'issuer'>, true>> = {
  tenant: true,
  connection: true,
  overlay: true,
  scoping: true,
  tokeninfo: true,
  finished: true,
  accessTokenSeconds: true,
  idTokenSeconds: true,
  refreshTokenSeconds: true,
  clock: true,
}

/** The server brings these to its engine itself. */
const ownOfServer = new Set(['users', 'stored', 'states', 'clock'])

const parts = {
  login: Object.keys(login),
  engine: engineOptionNames.filter((name) => !ownOfServer.has(name)),
  rateLimits: Object.keys(defaultRateLimits),
}

/**
 * An option that nobody reads may be the rules that were to refuse a login.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on an option that there is none of, and on a store that is none
 */
export function assertServerOptions(given: AuthServerOptions): void {
  assertInItsPart(given)
  assertKnownNames(given, 'createAuthServer', Object.keys(server))
  assertStore(given.store)
  if (isEngine(given.engine)) {
    throw invalid(
      'engine is an engine; its options belong there, { rules, limits }: the server makes it over its store',
    )
  }
  for (const part of ['engine', 'login', 'rateLimits'] as const) {
    if (given[part] !== undefined) assertKnownNames(given[part], `createAuthServer: ${part}`, parts[part])
  }
}

function assertInItsPart(given: object | undefined): void {
  for (const name of Object.keys(given ?? {})) {
    const part = Object.hasOwn(server, name) ? undefined : partOf(name)
    if (part !== undefined) {
      throw invalid(`${name} is an option of ${part}: createAuthServer({ issuer, store, ${part}: { ${name} } })`)
    }
  }
}

function partOf(name: string): string | undefined {
  return Object.entries(parts).find(([, names]) => names.includes(name))?.[0]
}

function assertStore(store: unknown): void {
  if (typeof store === 'object' && store !== null && 'keys' in store && 'users' in store) return
  const right = store instanceof Promise ? 'what it resolves to' : 'what openStore resolves to'
  throw invalid(`store is ${described(store)}; ${right} belongs there: store: await openStore('memory:')`)
}

function isEngine(value: object | undefined): boolean {
  return typeof value === 'object' && value !== null && 'run' in value && 'resume' in value
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
