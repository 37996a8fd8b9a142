import { engineOptionNames } from '../engine/options/known-options.ts'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { assertKnownNames, describeType } from '../errors/known-names.ts'
import type { LoginOptions } from '../login/options.ts'
import { defaultRateLimits } from './limits/rate-limits.ts'
import type { AuthServerOptions } from './server-options.ts'

const serverOptions: Readonly<Record<keyof AuthServerOptions, true>> = {
  issuer: true,
  store: true,
  engine: true,
  login: true,
  hooks: true,
  onInternalError: true,
  onInvalidRules: true,
  trustProxy: true,
  rateLimits: true,
}

const loginOptions: Readonly<Record<keyof Omit<LoginOptions, 'engine' | 'store' | 'issuer'>, true>> = {
  tenant: true,
  connection: true,
  overlay: true,
  scoping: true,
  tokeninfo: true,
  onLogin: true,
  accessTokenSeconds: true,
  idTokenSeconds: true,
  refreshTokenSeconds: true,
  clock: true,
}

/** Options of the engine that the server sets itself. */
const serverOwnedOptions = new Set(['users', 'ruleSource', 'suspendedLogins', 'clock'])

const optionGroups = {
  login: Object.keys(loginOptions),
  engine: engineOptionNames.filter((name) => !serverOwnedOptions.has(name)),
  rateLimits: Object.keys(defaultRateLimits),
}

/**
 * Rejects unknown options: a misspelt one may hold the rules that should deny a login.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if an option is unknown, or if `store` is not a store
 */
export function assertServerOptions(options: AuthServerOptions): void {
  assertTopLevelOptions(options)
  assertKnownNames(options, 'createAuthServer', Object.keys(serverOptions))
  assertStore(options.store)
  if (isEngine(options.engine)) {
    throw createInvalidArgumentError(
      'engine is an engine; its options belong there, { rules, limits }: the server creates the engine, with its own store',
    )
  }
  for (const group of ['engine', 'login', 'rateLimits'] as const) {
    if (options[group] !== undefined)
      assertKnownNames(options[group], `createAuthServer: ${group}`, optionGroups[group])
  }
}

function assertTopLevelOptions(options: object | undefined): void {
  for (const name of Object.keys(options ?? {})) {
    const group = Object.hasOwn(serverOptions, name) ? undefined : findGroup(name)
    if (group !== undefined) {
      throw createInvalidArgumentError(
        `${name} is an option of ${group}: createAuthServer({ issuer, store, ${group}: { ${name} } })`,
      )
    }
  }
}

function findGroup(name: string): string | undefined {
  return Object.entries(optionGroups).find(([, names]) => names.includes(name))?.[0]
}

function assertStore(store: unknown): void {
  if (typeof store === 'object' && store !== null && 'keys' in store && 'users' in store) return
  const expected = store instanceof Promise ? 'what it resolves to' : 'what openStore resolves to'
  throw createInvalidArgumentError(
    `store is ${describeType(store)}; ${expected} belongs there: store: await openStore('memory:')`,
  )
}

function isEngine(value: object | undefined): boolean {
  return typeof value === 'object' && value !== null && 'run' in value && 'resume' in value
}

function createInvalidArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
