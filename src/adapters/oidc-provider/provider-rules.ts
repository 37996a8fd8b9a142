import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Configuration,
  type InteractionResults,
  type KoaContextWithOIDC,
  type Provider,
  errors,
  interactionPolicy,
} from 'oidc-provider'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type OverlaySpec, parseOverlay } from '../../profile/overlay/overlay.ts'
import { removeReservedClaims } from '../../profile/context/reserved-claims.ts'
import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { User } from '../../profile/user/user.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import { type Resumption, buildOidcProviderContext, buildLoginRequest } from './login-input.ts'
import { type LoginMemory, type ProviderLogin, createLoginMemory } from './login-memory.ts'
import { handleInteraction, handleReturn } from './interaction.ts'

export interface ProviderRulesOptions {
  readonly engine: Engine
  /** The stored profile of an account; undefined where there is none. It is what the rules get as `user`. */
  readonly findUser: (accountId: string) => Promise<User | undefined>
  /** Attributes that are resolved when they are read, such as `{ picture: 'user_metadata.picture || picture' }`. */
  readonly overlay?: OverlaySpec
  /** Where logins are remembered for /me and for refreshed tokens. By default in this process. */
  readonly memory?: LoginMemory
  /** `oidc` (default): /me shows what the scopes ask for, and what rules put on `context.idToken`. `none`: all of the enriched profile. */
  readonly scoping?: 'oidc' | 'none'
}

/** Rules inside oidc-provider 9. */
export interface ProviderRules {
  /** To be spread into the provider's configuration. */
  readonly configuration: Required<Pick<Configuration, 'findAccount' | 'extraTokenClaims'>>
  /** The provider's `claims`: those of the scopes given, and under `openid` those that the rules set on the ID token. */
  claims(scopes?: Readonly<Record<string, readonly string[]>>): Record<string, string[]>
  /** oidc-provider's own policy, or yours, with the prompt `rules` at its end. */
  policy(base?: interactionPolicy.DefaultPolicy): interactionPolicy.DefaultPolicy
  /** For `provider.use`: shows at /me what no scope declares. */
  readonly showUndeclared: (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>
  /**
   * Answers the prompt `rules`, by sending the user where a rule says, or by taking them back. False where the prompt is
   * another one, or where a second factor is asked for: that is for the caller to show.
   */
  interaction(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** The result of an interaction in which the user passed the second factor that a rule had asked for. */
  completeChallenge(details: Pick<InteractionDetails, 'prompt'>): InteractionResults
  /** Serves `/continue?state=…`, to which the user comes back from where a rule had sent them. */
  continue(request: IncomingMessage, response: ServerResponse): void
}

type Ctx = KoaContextWithOIDC
type InteractionDetails = Awaited<ReturnType<Provider['interactionDetails']>>

/** Scopes whose claims the profile answers. */
const profileScopes = ['profile', 'email', 'phone', 'address']

/**
 * Runs rules once for each login or refresh of an oidc-provider, before any token is saved: a refusal is `access_denied`.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY
 */
export function createProviderRules(options: ProviderRulesOptions): ProviderRules {
  const { engine, findUser, memory = createLoginMemory(), scoping = 'oidc' } = options
  const overlay = parseOverlay(options.overlay ?? {})
  /** Where rules that ran in this request want the user to go. */
  const promptDetails = new WeakMap<Ctx, Record<string, unknown>>()
  const logins = new WeakMap<Ctx, Promise<ProviderLogin>>()
  /** What a login's profile answers to the standard scopes, worked out once. */
  const profiles = new WeakMap<ProviderLogin, Record<string, unknown>>()

  async function run(ctx: Ctx, accountId: string, protocol: string): Promise<Outcome> {
    const user = await findUser(accountId)
    if (user === undefined) throw new errors.AccessDenied('the account is gone')
    const resumption = getResumption(ctx)
    if (resumption.state === undefined)
      return engine.run({ user, context: buildOidcProviderContext(ctx, protocol, resumption) })
    return engine
      .resume(resumption.state, buildLoginRequest(ctx, resumption.query ?? {}), { user })
      .catch(rethrowInvalidState)
  }

  async function saveLogin(grantId: string, outcome: Outcome): Promise<ProviderLogin> {
    const login = { user: outcome.user, claims: outcome.claims }
    await memory.save(grantId, login)
    return login
  }

  /** At the authorization endpoint, when user and grant are known: whether the user must go somewhere first. */
  async function isPromptNeeded(ctx: Ctx): Promise<boolean> {
    const { session, client } = ctx.oidc
    const accountId = session?.accountId
    const grantId = client === undefined ? undefined : session?.grantIdFor(client.clientId)
    if (accountId === undefined || grantId === undefined) return interactionPolicy.Check.NO_NEED_TO_PROMPT
    const outcome = await run(ctx, accountId, 'oidc-basic-profile')
    const details = toPromptDetails(outcome, getResumption(ctx))
    if (details !== undefined) {
      promptDetails.set(ctx, details)
      return interactionPolicy.Check.REQUEST_PROMPT
    }
    const isChallenge = outcome.outcome === 'challenge'
    const denial = isChallenge ? undefined : toErrorDescription(outcome)
    if (denial !== undefined) throw new errors.AccessDenied(denial)
    await saveLogin(grantId, outcome)
    return interactionPolicy.Check.NO_NEED_TO_PROMPT
  }

  async function refreshLogin(ctx: Ctx, accountId: string, grantId: string): Promise<ProviderLogin> {
    const outcome = await run(ctx, accountId, 'oauth2-refresh-token')
    const denial = toErrorDescription(outcome)
    if (denial !== undefined) throw new errors.AccessDenied(denial)
    return saveLogin(grantId, outcome)
  }

  /** The login behind a token or a request for /me; rules run for a refresh, and where nobody remembers the login. */
  async function findLogin(ctx: Ctx, accountId: string, grantId: string): Promise<ProviderLogin> {
    const isRefresh = ctx.oidc.route === 'token' && ctx.oidc.params?.['grant_type'] === 'refresh_token'
    const savedLogin = isRefresh ? undefined : await memory.get(grantId)
    return savedLogin ?? refreshLogin(ctx, accountId, grantId)
  }

  /** The same for everybody who asks within one request. */
  function getLogin(ctx: Ctx, accountId: string, grantId: string): Promise<ProviderLogin> {
    const cachedLogin = logins.get(ctx)
    if (cachedLogin !== undefined) return cachedLogin
    const login = findLogin(ctx, accountId, grantId)
    logins.set(ctx, login)
    return login
  }

  function getProfile(login: ProviderLogin): Record<string, unknown> {
    const cachedProfile = profiles.get(login)
    if (cachedProfile !== undefined) return cachedProfile
    const profile = selectScopeClaims(overlay.apply(login.user), profileScopes)
    profiles.set(login, profile)
    return profile
  }

  async function buildAccountClaims(ctx: Ctx, accountId: string): Promise<{ sub: string }> {
    const grantId = getGrantId(ctx)
    if (grantId === undefined) return { sub: accountId }
    const login = await getLogin(ctx, accountId, grantId)
    return { ...getProfile(login), ...login.claims.idToken, sub: accountId }
  }

  return {
    configuration: {
      findAccount: async (ctx, accountId) =>
        (await findUser(accountId)) && { accountId, claims: () => buildAccountClaims(ctx, accountId) },
      async extraTokenClaims(ctx, token) {
        const { accountId, grantId } = token as { readonly accountId?: string; readonly grantId?: string }
        // A client by itself: rules are for people.
        if (accountId === undefined || grantId === undefined) return undefined
        const login = await getLogin(ctx, accountId, grantId)
        const { scope: _, ...extra } = login.claims.accessToken
        return extra
      },
    },
    claims(scopes = {}) {
      const { openid = [], ...otherScopes } = scopes
      const ruleClaims = removeReservedClaims(
        Object.fromEntries(engine.listClaimNames().idToken.map((name) => [name, true])),
      )
      const names = new Set(['sub', ...openid, ...Object.keys(ruleClaims.claims)])
      return { ...toMutableScopes(otherScopes), openid: [...names] }
    },
    policy(base = interactionPolicy.base()) {
      const check = new interactionPolicy.Check(
        'rules',
        'a rule asks for it',
        isPromptNeeded,
        (ctx) => promptDetails.get(ctx) ?? {},
      )
      base.add(new interactionPolicy.Prompt({ name: 'rules', requestable: false }, check))
      return base
    },
    async showUndeclared(ctx, next) {
      await next()
      const { body } = ctx as unknown as { readonly body: unknown }
      const accountId = ctx.oidc?.entities?.Account?.accountId
      if (ctx.oidc?.route !== 'userinfo' || accountId === undefined || !isPlainClaims(body)) return
      const login = await getLogin(ctx, accountId, getGrantId(ctx) ?? '')
      const profile = scoping === 'none' ? overlay.apply(login.user) : {}
      ctx.body = { ...profile, ...login.claims.idToken, ...body }
    },
    interaction: (provider, request, response) => handleInteraction(provider, request, response),
    completeChallenge: ({ prompt }) => ({ rules: { challenged: true, state: prompt.details['state'] } }),
    continue: handleReturn,
  }
}

function toMutableScopes(scopes: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(scopes).map(([scope, names]) => [scope, [...names]]))
}

function getGrantId(ctx: Ctx): string | undefined {
  const { AccessToken, RefreshToken, AuthorizationCode } = ctx.oidc.entities
  return AccessToken?.grantId ?? RefreshToken?.grantId ?? AuthorizationCode?.grantId
}

function getResumption(ctx: Ctx): Resumption {
  const resumption: Resumption = ctx.oidc.result?.['rules'] ?? {}
  return resumption
}

function toPromptDetails(
  { outcome, redirect, multifactor, state }: Outcome,
  { challenged }: Resumption,
): Record<string, unknown> | undefined {
  if (outcome === 'redirect') return { redirect, state }
  return outcome === 'challenge' && challenged !== true ? { multifactor, state } : undefined
}

/** A state that is used up or too old is the client's to begin anew. */
function rethrowInvalidState(error: unknown): never {
  if (error instanceof ClaimsmithError && error.code === 'INVALID_STATE') throw new errors.InvalidRequest(error.message)
  throw error
}

/** /me may also answer with a signed token, which nobody may change. */
function isPlainClaims(body: unknown): body is object {
  return typeof body === 'object' && body !== null && 'sub' in body
}
