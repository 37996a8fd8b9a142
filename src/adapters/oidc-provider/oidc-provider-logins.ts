import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { User } from '../../profile/user/user.ts'
import { type Resumption, buildLoginRequest, buildOidcProviderContext } from './login-input.ts'
import { loadOidcProvider } from './load-oidc-provider.ts'
import type { LoginMemory, ProviderLogin } from './login-memory.ts'

interface OidcProviderLoginsOptions {
  readonly engine: Engine
  readonly findUser: (accountId: string) => Promise<User | undefined>
  readonly memory: LoginMemory
}

/** Runs the rules for requests to oidc-provider, and remembers what they returned. */
export interface OidcProviderLogins {
  /**
   * Runs or resumes the rules, and saves nothing.
   *
   * @throws {errors.AccessDenied} if the account no longer exists
   * @throws {errors.InvalidRequest} if the suspended login was resumed before or has expired
   */
  runRules(ctx: KoaContextWithOIDC, accountId: string, protocol: string): Promise<Outcome>
  save(grantId: string, outcome: Outcome): Promise<ProviderLogin>
  /**
   * Returns the login behind a token or a /me request. All calls for one request get the same login.
   *
   * The rules run for a refresh, and if the login is no longer remembered.
   *
   * @throws {errors.AccessDenied} if the rules deny the login
   */
  get(ctx: KoaContextWithOIDC, accountId: string, grantId: string): Promise<ProviderLogin>
}

export function createOidcProviderLogins({ engine, findUser, memory }: OidcProviderLoginsOptions): OidcProviderLogins {
  const { errors } = loadOidcProvider()
  const loginsByRequest = new WeakMap<KoaContextWithOIDC, Promise<ProviderLogin>>()

  async function runRules(ctx: KoaContextWithOIDC, accountId: string, protocol: string): Promise<Outcome> {
    const user = await findUser(accountId)
    if (user === undefined) throw new errors.AccessDenied('the account no longer exists')
    const resumption = getResumption(ctx)
    if (resumption.state === undefined)
      return engine.run({ user, context: buildOidcProviderContext(ctx, protocol, resumption) })
    return engine
      .resume(resumption.state, buildLoginRequest(ctx, resumption.query ?? {}), { user })
      .catch(rethrowInvalidState)
  }

  async function save(grantId: string, outcome: Outcome): Promise<ProviderLogin> {
    const login = { user: outcome.user, claims: outcome.claims }
    await memory.save(grantId, login)
    return login
  }

  async function findOrRun(ctx: KoaContextWithOIDC, accountId: string, grantId: string): Promise<ProviderLogin> {
    const isRefresh = ctx.oidc.route === 'token' && ctx.oidc.params?.['grant_type'] === 'refresh_token'
    const savedLogin = isRefresh ? undefined : await memory.get(grantId)
    if (savedLogin !== undefined) return savedLogin
    const outcome = await runRules(ctx, accountId, 'oauth2-refresh-token')
    const denial = toErrorDescription(outcome)
    if (denial !== undefined) throw new errors.AccessDenied(denial)
    return save(grantId, outcome)
  }

  return {
    runRules,
    save,
    get(ctx, accountId, grantId) {
      const login = loginsByRequest.get(ctx) ?? findOrRun(ctx, accountId, grantId)
      loginsByRequest.set(ctx, login)
      return login
    },
  }
}

/** What the interaction returned for the login of this request; empty if there was none. */
export function getResumption(ctx: KoaContextWithOIDC): Resumption {
  const resumption: Resumption = ctx.oidc.result?.['rules'] ?? {}
  return resumption
}

/** A state that was used or has expired is a wrong request: the client has to begin again. */
function rethrowInvalidState(error: unknown): never {
  if (error instanceof ClaimsmithError && error.code === 'INVALID_STATE')
    throw new (loadOidcProvider().errors.InvalidRequest)(error.message)
  throw error
}
