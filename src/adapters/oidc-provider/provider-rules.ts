import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Configuration, InteractionResults, KoaContextWithOIDC, Provider, interactionPolicy } from 'oidc-provider'
import type { Engine } from '../../engine/ports/engine.ts'
import { type OverlaySpec, parseOverlay } from '../../profile/overlay/overlay.ts'
import { removeReservedClaims } from '../../profile/context/reserved-claims.ts'
import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { User } from '../../profile/user/user.ts'
import { type LoginMemory, type ProviderLogin, createLoginMemory } from './login-memory.ts'
import { handleInteraction, handleReturn } from './interaction.ts'
import { loadOidcProvider } from './load-oidc-provider.ts'
import { createOidcProviderLogins } from './oidc-provider-logins.ts'
import { createRulesPrompt } from './rules-prompt.ts'

export interface ProviderRulesOptions {
  readonly engine: Engine
  /** The stored profile of an account; undefined if there is none. Rules get it as `user`. */
  readonly findUser: (accountId: string) => Promise<User | undefined>
  /** Attributes that are resolved when they are read, such as `{ picture: 'user_metadata.picture || picture' }`. */
  readonly overlay?: OverlaySpec
  /** Remembers logins for /me and for refreshed tokens. Default: in this process. */
  readonly memory?: LoginMemory
  /** `oidc` (default): /me returns the claims of the scopes, and those that rules set on `context.idToken`. `none`: the whole enriched profile. */
  readonly scoping?: 'oidc' | 'none'
}

/** Rules inside oidc-provider 9. */
export interface ProviderRules {
  /** Spread it into the provider's configuration. */
  readonly configuration: Required<Pick<Configuration, 'findAccount' | 'extraTokenClaims'>>
  /** The provider's `claims`: those of `scopes`, and under `openid` those that the rules set on the ID token. */
  claims(scopes?: Readonly<Record<string, readonly string[]>>): Record<string, string[]>
  /** Adds the prompt `rules` at the end of `base`. Default: oidc-provider's own policy. */
  policy(base?: interactionPolicy.DefaultPolicy): interactionPolicy.DefaultPolicy
  /** For `provider.use`: adds to /me the claims that no scope declares. */
  readonly showUndeclared: (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>
  /**
   * Answers the prompt `rules`: it sends the user where a rule says, or takes them back.
   *
   * Resolves to false if the caller has to show something: another prompt, or the second factor that a rule asks for.
   */
  interaction(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** The result of an interaction, once the user has passed the second factor that a rule asked for. */
  completeChallenge(details: Pick<InteractionDetails, 'prompt'>): InteractionResults
  /** Serves `/continue?state=…`, to which the user comes back from a redirect. */
  continue(request: IncomingMessage, response: ServerResponse): void
}

type InteractionDetails = Awaited<ReturnType<Provider['interactionDetails']>>

/** Scopes whose claims come from the profile. */
const profileScopes = ['profile', 'email', 'phone', 'address']

/**
 * Runs rules once for each login or refresh of oidc-provider, before any token is saved. A denial becomes `access_denied`.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY if an expression of the overlay is wrong; PACKAGE_MISSING if oidc-provider is not
 *   installed
 */
export function createProviderRules(options: ProviderRulesOptions): ProviderRules {
  const { engine, findUser, memory = createLoginMemory(), scoping = 'oidc' } = options
  const overlay = parseOverlay(options.overlay ?? {})
  const logins = createOidcProviderLogins({ engine, findUser, memory })
  // oidc-provider asks for claims several times in one request.
  const profileClaims = new WeakMap<ProviderLogin, Record<string, unknown>>()

  function getProfileClaims(login: ProviderLogin): Record<string, unknown> {
    const claims = profileClaims.get(login) ?? selectScopeClaims(overlay.apply(login.user), profileScopes)
    profileClaims.set(login, claims)
    return claims
  }

  async function buildAccountClaims(ctx: KoaContextWithOIDC, accountId: string): Promise<{ sub: string }> {
    const grantId = getGrantId(ctx)
    if (grantId === undefined) return { sub: accountId }
    const login = await logins.get(ctx, accountId, grantId)
    return { ...getProfileClaims(login), ...login.claims.idToken, sub: accountId }
  }

  return {
    configuration: {
      findAccount: async (ctx, accountId) =>
        (await findUser(accountId)) && { accountId, claims: () => buildAccountClaims(ctx, accountId) },
      async extraTokenClaims(ctx, token) {
        const { accountId, grantId } = token as { readonly accountId?: string; readonly grantId?: string }
        // The client-credentials grant has no user, so no rules run.
        if (accountId === undefined || grantId === undefined) return undefined
        const login = await logins.get(ctx, accountId, grantId)
        const { scope: _, ...claims } = login.claims.accessToken
        return claims
      },
    },
    claims: (scopes = {}) => addRuleClaims(scopes, engine.listClaimNames().idToken),
    policy(base = loadOidcProvider().interactionPolicy.base()) {
      base.add(createRulesPrompt(logins))
      return base
    },
    async showUndeclared(ctx, next) {
      await next()
      const { body } = ctx as unknown as { readonly body: unknown }
      const accountId = ctx.oidc?.entities?.Account?.accountId
      if (ctx.oidc?.route !== 'userinfo' || accountId === undefined || !isPlainClaims(body)) return
      const login = await logins.get(ctx, accountId, getGrantId(ctx) ?? '')
      const profile = scoping === 'none' ? overlay.apply(login.user) : {}
      ctx.body = { ...profile, ...login.claims.idToken, ...body }
    },
    interaction: (provider, request, response) => handleInteraction(provider, request, response),
    completeChallenge: ({ prompt }) => ({ rules: { challenged: true, state: prompt.details['state'] } }),
    continue: handleReturn,
  }
}

function addRuleClaims(
  { openid = [], ...otherScopes }: Readonly<Record<string, readonly string[]>>,
  ruleClaimNames: readonly string[],
): Record<string, string[]> {
  const { claims } = removeReservedClaims(Object.fromEntries(ruleClaimNames.map((name) => [name, true])))
  const names = new Set(['sub', ...openid, ...Object.keys(claims)])
  const mutableScopes = Object.entries(otherScopes).map(([scope, scopeNames]) => [scope, [...scopeNames]])
  return { ...Object.fromEntries(mutableScopes), openid: [...names] }
}

function getGrantId(ctx: KoaContextWithOIDC): string | undefined {
  const { AccessToken, RefreshToken, AuthorizationCode } = ctx.oidc.entities
  return AccessToken?.grantId ?? RefreshToken?.grantId ?? AuthorizationCode?.grantId
}

/** False for a signed /me response, which cannot be changed. */
function isPlainClaims(body: unknown): body is object {
  return typeof body === 'object' && body !== null && 'sub' in body
}
