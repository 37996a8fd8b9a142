import { createEngine } from '../engine/engine.ts'
import type { Engine } from '../engine/ports/engine.ts'
import type { UsersPort } from '../engine/ports/users-port.ts'
import { dryRunLogin } from '../login/run/dry-run-login.ts'
import { createLoginService } from '../login/login-service.ts'
import { createStoredRuleSource } from '../login/run/stored-rule-source.ts'
import type { User } from '../profile/user/user.ts'
import type { Store } from '../store/contract/store.ts'
import { type TokenIssuer, createIssuer } from '../tokens/issuer.ts'
import { createKeyring } from '../tokens/keyring.ts'
import { createHooks } from './hooks/hooks.ts'
import { type Handler, createHandler } from './handler.ts'
import { assertServerOptions } from './known-options.ts'
import { createJobRunner } from './management/jobs/runner.ts'
import type { AuthServerOptions } from './server-options.ts'

export interface AuthServer {
  readonly handler: Handler
  readonly engine: Engine
  /** Signs and verifies the tokens of this server. */
  readonly issuer: TokenIssuer
  /** Closes the engine and stops the imports. The caller closes the store. */
  close(): Promise<void>
}

const rulesTokenSeconds = 3_600

/**
 * Creates an auth server: keys and rules from the store, an engine whose rules may update the store's users, the login
 * service and the endpoints.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET if the rules cannot run
 * @throws {ClaimsmithError} INVALID_OVERLAY if an expression of the overlay is wrong
 * @throws {ClaimsmithError} INVALID_ARGUMENT if another option is wrong
 */
export async function createAuthServer(options: AuthServerOptions): Promise<AuthServer> {
  assertServerOptions(options)
  const { issuer: issuerUrl, store, onInternalError, trustProxy = false, rateLimits = {} } = options
  const clock = options.login?.clock ?? Date.now
  const storedKeys = await store.keys.load()
  const keys =
    storedKeys.length > 0
      ? storedKeys
      : await store.keys.initialise(await (await createKeyring({ clock })).exportPrivateJwks())
  const issuer = createIssuer({ issuer: issuerUrl, keyring: await createKeyring({ keys, clock }), clock })
  const engine = createEngine({
    rules: [],
    ...options.engine,
    ruleSource: await createStoredRuleSource(store, options.onInvalidRules),
    users: createUsersPort(store, issuer, clock),
    suspendedLogins: store.redirects,
    clock,
  })
  try {
    return assemble()
  } catch (error) {
    await engine.close()
    throw error
  }

  function assemble(): AuthServer {
    const { tenant = new URL(issuerUrl).hostname } = options.login ?? {}
    const login = createLoginService({ ...options.login, tenant, engine, store, issuer }, options.engine?.network)
    const onInternalErrorOption = onInternalError && { onInternalError }
    const jobs = createJobRunner({ store, clock, onInternalError })
    const handler = createHandler({
      login,
      issuer,
      management: {
        store,
        clock,
        jobs,
        dryRunLogin: (user, client) => dryRunLogin(user, { engine, store, tenant, client }),
        maxSourceBytes: options.engine?.limits?.maxSourceBytes,
      },
      trustProxy,
      rateLimits,
      clock,
      ...(options.hooks && { hooks: createHooks({ engine, secrets: options.hooks, clock, ...onInternalErrorOption }) }),
      ...onInternalErrorOption,
    })
    return {
      handler,
      engine,
      issuer,
      async close() {
        await jobs.close()
        await engine.close()
      },
    }
  }
}

/** Creates the port behind `auth0` in rules: the server's users, and a token for its Management API. */
function createUsersPort({ users }: Store, issuer: TokenIssuer, clock: () => number): UsersPort {
  const audience = `${issuer.issuer}/api/v2/`
  let token: { readonly text: Promise<string>; readonly untilMs: number } | undefined
  return {
    domain: new URL(issuer.issuer).host,
    baseUrl: audience.slice(0, -1),
    updateUserMetadata: async (id, metadata) => requireUser(await users.update(id, { user_metadata: metadata })),
    updateAppMetadata: async (id, metadata) => requireUser(await users.update(id, { app_metadata: metadata })),
    accessToken() {
      if (token === undefined || token.untilMs < clock()) {
        const text = issuer.signAccessToken({
          sub: 'rules@clients',
          audience,
          clientId: 'rules',
          scope: 'read:users update:users',
          ruleClaims: {},
          expiresInSeconds: rulesTokenSeconds,
        })
        token = { text, untilMs: clock() + (rulesTokenSeconds * 1_000) / 2 }
      }
      return token.text
    },
  }
}

/** Throws the message of the Management API, which the rule gets as an error. */
function requireUser(user: User | undefined): User {
  if (user === undefined) throw new Error('The user does not exist.')
  return user
}
