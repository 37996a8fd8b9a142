import { getCurrentAuthEndpointContext } from '@better-auth/core/context'
import type { OAuthOptions, Scope } from '@better-auth/oauth-provider'
import { APIError } from 'better-auth/api'
import type { Engine } from '../../engine/ports/engine.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import { type OverlaySpec, parseOverlay } from '../../profile/overlay/overlay.ts'
import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { User } from '../../profile/user/user.ts'
import { type LoginMemory, type ProviderLogin, createLoginMemory } from '../oidc-provider/login-memory.ts'
import {
  type BetterAuthUser,
  type BetterAuthLogin,
  parseClientId,
  buildBetterAuthContext,
  toBetterAuthProfile,
} from './login-input.ts'

export interface BetterAuthRulesOptions {
  readonly engine: Engine
  /** What rules get as `user`, from the id and what better-auth itself has. By default that; undefined: there is no such user. */
  readonly findUser?: (id: string, profile: User) => Promise<User | undefined>
  /** Attributes that are resolved when they are read, such as `{ picture: 'user_metadata.picture || picture' }`. */
  readonly overlay?: OverlaySpec
  /** Where logins are remembered for /userinfo and introspection. By default in this process. */
  readonly memory?: LoginMemory
  /** `oidc` (default): /userinfo shows what the scopes ask for, and what rules put on `context.idToken`. `none`: all of the enriched profile. */
  readonly scoping?: 'oidc' | 'none'
}

type Options = OAuthOptions<Scope[]>

/** Rules inside better-auth 1.7. */
export interface BetterAuthRules {
  /** To be spread into the options of `oauthProvider`, behind yours. */
  readonly options: Required<
    Pick<Options, 'extensions' | 'customTokenResponseFields' | 'customIdTokenClaims' | 'customUserInfoClaims'>
  >
}

/** Scopes whose claims the profile answers. */
const profileScopes = ['profile', 'email', 'phone', 'address']

/**
 * Runs rules once for each login or refresh of better-auth's OAuth provider, before any token is saved: a refusal is
 * `access_denied` at the token endpoint.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY
 */
export function createBetterAuthRules(options: BetterAuthRulesOptions): BetterAuthRules {
  const { engine, findUser, memory = createLoginMemory(), scoping = 'oidc' } = options
  const overlay = parseOverlay(options.overlay ?? {})
  // better-auth loads the user once for each request, and hands the same object to every callback.
  const loginInfo = new WeakMap<object, Pick<BetterAuthLogin, 'clientId' | 'clientName' | 'sessionId'>>()
  const logins = new WeakMap<object, Promise<ProviderLogin>>()

  async function run(user: BetterAuthUser, login: BetterAuthLogin): Promise<ProviderLogin> {
    const profile = toBetterAuthProfile(user)
    const ruleUser = findUser === undefined ? profile : await findUser(user.id, profile)
    if (ruleUser === undefined) throw toAccessDenied('the user is gone')
    const outcome = await engine.run({
      user: ruleUser,
      context: await buildBetterAuthContext(login, getCurrentAuthEndpointContext()),
    })
    const denial = toErrorDescription(outcome)
    if (denial !== undefined) throw toAccessDenied(denial)
    const result = { user: outcome.user, claims: outcome.claims }
    // Who introspects an opaque token is told of the client only, not of the session.
    const keys = new Set([toLoginKey(user.id, login.clientId), toLoginKey(user.id, login.clientId, login.sessionId)])
    for (const key of keys) await memory.save(key, result)
    return result
  }

  /** The login of a token that is being used; rules run where nobody remembers it. */
  async function findOrRunLogin(user: BetterAuthUser, login: BetterAuthLogin): Promise<ProviderLogin> {
    const savedLogin = logins.get(user) ?? (await memory.get(toLoginKey(user.id, login.clientId, login.sessionId)))
    return savedLogin ?? run(user, login)
  }

  return {
    options: {
      extensions: [
        {
          claims: {
            // Comes first of all callbacks, and is the only one that is told of client and session; it adds nothing.
            idToken({ user, client, sessionId }) {
              if (user) loginInfo.set(user, { clientId: client.clientId, clientName: client.name, sessionId })
              return {}
            },
            // Also for introspection, which comes without a grant.
            async accessToken({ user, client, scopes, grantType = 'authorization_code' }) {
              if (!user) return {}
              const login = await findOrRunLogin(user, {
                clientId: client.clientId,
                clientName: client.name,
                scopes,
                grantType,
              })
              const { scope: _, ...claims } = login.claims.accessToken
              return claims
            },
          },
        },
      ],
      // Comes before any token is saved, for every grant.
      async customTokenResponseFields({ user, scopes, grantType, verificationValue }) {
        if (!user) return {}
        const { query, sessionId } = verificationValue ?? {}
        const clientId = query?.client_id ?? parseClientId(getCurrentAuthEndpointContext())
        const login = run(user, { clientId, sessionId, ...loginInfo.get(user), scopes, grantType, query: { ...query } })
        logins.set(user, login)
        await login
        return {}
      },
      async customIdTokenClaims({ user }) {
        const login = logins.get(user)
        if (login === undefined) {
          const message = 'customTokenResponseFields of claimsmith was replaced, so that no rules ran'
          throw new APIError('INTERNAL_SERVER_ERROR', { error: 'server_error', error_description: message })
        }
        return (await login).claims.idToken
      },
      async customUserInfoClaims({ user, scopes, jwt, requestedClaims }) {
        const { azp: clientId = '', sid: sessionId } = jwt as { readonly azp?: string; readonly sid?: string }
        const login = await findOrRunLogin(user, { clientId, sessionId, scopes, grantType: 'authorization_code' })
        const profile = overlay.apply(login.user)
        const requestedProfile = Object.entries(selectScopeClaims(profile, profileScopes)).filter(([name]) =>
          requestedClaims.includes(name),
        )
        const userinfo =
          scoping === 'none'
            ? profile
            : { ...selectScopeClaims(profile, scopes), ...Object.fromEntries(requestedProfile) }
        return { ...userinfo, ...login.claims.idToken }
      },
    },
  }
}

function toLoginKey(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts.filter((part) => part !== undefined))
}

function toAccessDenied(message: string): APIError {
  return new APIError('BAD_REQUEST', { error: 'access_denied', error_description: message })
}
