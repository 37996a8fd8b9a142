import type { OAuthOptions, Scope } from '@better-auth/oauth-provider'
import type { Engine } from '../../engine/ports/engine.ts'
import { type OverlaySpec, parseOverlay } from '../../profile/overlay/overlay.ts'
import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { User } from '../../profile/user/user.ts'
import { type LoginMemory, createLoginMemory } from '../oidc-provider/login-memory.ts'
import { createBetterAuthLogins } from './better-auth-logins.ts'
import { loadBetterAuth } from './load-better-auth.ts'

export interface BetterAuthRulesOptions {
  readonly engine: Engine
  /** Finds the `user` that rules get; undefined if there is none. Default: `profile`, which is made of better-auth's columns. */
  readonly findUser?: (id: string, profile: User) => Promise<User | undefined>
  /** Attributes that are resolved when they are read, such as `{ picture: 'user_metadata.picture || picture' }`. */
  readonly overlay?: OverlaySpec
  /** Remembers logins for /userinfo and introspection. Default: in this process. */
  readonly memory?: LoginMemory
  /** `oidc` (default): /userinfo returns the claims of the scopes, and those that rules set on `context.idToken`. `none`: the whole enriched profile. */
  readonly scoping?: 'oidc' | 'none'
}

type Options = OAuthOptions<Scope[]>

/** Rules inside better-auth 1.7. */
export interface BetterAuthRules {
  /** Spread it into the options of `oauthProvider`, after yours. */
  readonly options: Required<
    Pick<Options, 'extensions' | 'customTokenResponseFields' | 'customIdTokenClaims' | 'customUserInfoClaims'>
  >
}

/** Scopes whose claims come from the profile. */
const profileScopes = ['profile', 'email', 'phone', 'address']

/**
 * Runs rules once for each login or refresh of better-auth's OAuth provider, before any token is saved. A denial becomes
 * `access_denied` at the token endpoint.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY if an expression of the overlay is wrong; PACKAGE_MISSING if better-auth is not installed
 */
export function createBetterAuthRules(options: BetterAuthRulesOptions): BetterAuthRules {
  const { engine, findUser, memory = createLoginMemory(), scoping = 'oidc' } = options
  const overlay = parseOverlay(options.overlay ?? {})
  const logins = createBetterAuthLogins({ engine, findUser, memory })
  return {
    options: {
      extensions: [
        {
          claims: {
            // The first of the callbacks, and the only one that gets client and session. It adds no claim.
            idToken({ user, client, sessionId }) {
              if (user) logins.noteClient(user, { clientId: client.clientId, clientName: client.name, sessionId })
              return {}
            },
            // Introspection calls this, too, and gives no grant type.
            async accessToken({ user, client, scopes, grantType = 'authorization_code' }) {
              if (!user) return {}
              const { clientId, name: clientName } = client
              const login = await logins.findOrRun(user, { clientId, clientName, scopes, grantType })
              const { scope: _, ...claims } = login.claims.accessToken
              return claims
            },
          },
        },
      ],
      // better-auth calls this for every grant, before it saves a token.
      async customTokenResponseFields({ user, scopes, grantType, verificationValue }) {
        if (!user) return {}
        const { query, sessionId } = verificationValue ?? {}
        await logins.run(user, { clientId: query?.client_id, sessionId, scopes, grantType, query: { ...query } })
        return {}
      },
      async customIdTokenClaims({ user }) {
        const login = await logins.getCurrent(user)
        if (login === undefined) {
          const message = 'customTokenResponseFields of claimsmith was replaced, so that no rules ran'
          throw new (loadBetterAuth().APIError)('INTERNAL_SERVER_ERROR', {
            error: 'server_error',
            error_description: message,
          })
        }
        return login.claims.idToken
      },
      async customUserInfoClaims({ user, scopes, jwt, requestedClaims }) {
        const { azp: clientId = '', sid: sessionId } = jwt as { readonly azp?: string; readonly sid?: string }
        const login = await logins.findOrRun(user, { clientId, sessionId, scopes, grantType: 'authorization_code' })
        const profile = overlay.apply(login.user)
        const profileClaims = scoping === 'none' ? profile : pickClaims(profile, scopes, requestedClaims)
        return { ...profileClaims, ...login.claims.idToken }
      },
    },
  }
}

/** The claims of the scopes, and those that the `claims` parameter asks for by name (OpenID Connect Core 5.5). */
function pickClaims(profile: User, scopes: readonly string[], names: readonly string[]): Record<string, unknown> {
  const namedClaims = Object.entries(selectScopeClaims(profile, profileScopes)).filter(([name]) => names.includes(name))
  return { ...selectScopeClaims(profile, scopes), ...Object.fromEntries(namedClaims) }
}
