import type { APIError } from 'better-auth/api'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { User } from '../../profile/user/user.ts'
import type { LoginMemory, ProviderLogin } from '../oidc-provider/login-memory.ts'
import {
  type BetterAuthLogin,
  type BetterAuthUser,
  buildBetterAuthContext,
  parseClientId,
  toBetterAuthProfile,
} from './login-input.ts'
import { loadBetterAuth } from './load-better-auth.ts'

interface BetterAuthLoginsOptions {
  readonly engine: Engine
  readonly findUser: ((id: string, profile: User) => Promise<User | undefined>) | undefined
  readonly memory: LoginMemory
}

type TokenRequestLogin = Omit<BetterAuthLogin, 'clientId'> & { readonly clientId: string | undefined }
type ClientInfo = Pick<BetterAuthLogin, 'clientId' | 'clientName' | 'sessionId'>

/** Runs the rules for requests to better-auth, and remembers what they returned. */
export interface BetterAuthLogins {
  /** Keeps client and session for the `run` of the same request. */
  noteClient(user: BetterAuthUser, client: ClientInfo): void
  /**
   * Runs the rules for a token request. Without a client id it takes that of the request's own authentication.
   *
   * @throws {APIError} access_denied if they deny the login
   */
  run(user: BetterAuthUser, login: TokenRequestLogin): Promise<void>
  /** Returns what `run` came to in this request; undefined if it was not called. */
  getCurrent(user: BetterAuthUser): Promise<ProviderLogin> | undefined
  /**
   * Returns the login behind a token that is used now. The rules run if it is no longer remembered.
   *
   * @throws {APIError} access_denied if they deny the login
   */
  findOrRun(user: BetterAuthUser, login: BetterAuthLogin): Promise<ProviderLogin>
}

export function createBetterAuthLogins({ engine, findUser, memory }: BetterAuthLoginsOptions): BetterAuthLogins {
  const { getCurrentAuthEndpointContext } = loadBetterAuth()
  // The keys identify the request: better-auth loads the user once for it, and gives the same object to every callback.
  const clients = new WeakMap<BetterAuthUser, ClientInfo>()
  const currentLogins = new WeakMap<BetterAuthUser, Promise<ProviderLogin>>()

  async function runRules(user: BetterAuthUser, login: BetterAuthLogin): Promise<ProviderLogin> {
    const profile = toBetterAuthProfile(user)
    const ruleUser = findUser === undefined ? profile : await findUser(user.id, profile)
    if (ruleUser === undefined) throw toAccessDenied('the user no longer exists')
    const context = await buildBetterAuthContext(login, getCurrentAuthEndpointContext())
    const outcome = await engine.run({ user: ruleUser, context })
    const denial = toErrorDescription(outcome)
    if (denial !== undefined) throw toAccessDenied(denial)
    const result = { user: outcome.user, claims: outcome.claims }
    // Introspection of an opaque token knows the client, and not the session.
    const keys = new Set([toLoginKey(user.id, login.clientId), toLoginKey(user.id, login.clientId, login.sessionId)])
    for (const key of keys) await memory.save(key, result)
    return result
  }

  return {
    noteClient: (user, client) => void clients.set(user, client),
    async run(user, login) {
      const clientId = login.clientId ?? parseClientId(getCurrentAuthEndpointContext())
      const run = runRules(user, { ...login, clientId, ...clients.get(user) })
      currentLogins.set(user, run)
      await run
    },
    getCurrent: (user) => currentLogins.get(user),
    async findOrRun(user, login) {
      const key = toLoginKey(user.id, login.clientId, login.sessionId)
      return (await (currentLogins.get(user) ?? memory.get(key))) ?? runRules(user, login)
    },
  }
}

function toLoginKey(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts.filter((part) => part !== undefined))
}

function toAccessDenied(message: string): APIError {
  return new (loadBetterAuth().APIError)('BAD_REQUEST', { error: 'access_denied', error_description: message })
}
