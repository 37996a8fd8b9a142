import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { overlay } from '../../profile/overlay/overlay.ts'
import { claimsForScopes } from '../../profile/context/scopes.ts'
import type { RememberedLogin } from '../../store/contract/store.ts'
import type { TokenClaims } from '../../tokens/issuer.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, fail, succeed } from '../result/result.ts'
import { scopesOf } from './scopes.ts'
import { withoutPasswords } from '../run/without-passwords.ts'

type Claims = Record<string, unknown>

const badToken = fail(
  'invalid_token',
  'The token is malformed, expired or revoked, or was not issued here for this endpoint.',
)

/**
 * /userinfo: the enriched profile of the login that the access token came from. The rules do not run again: what they
 * left was remembered, and a later change of the user shows at the next login.
 *
 * Any access token of a user's login opens it; with scoping `oidc` it needs the scope `openid` (OpenID Connect Core 1.0, 5.3).
 * A client's own token never does: no user stands behind it.
 */
export async function userinfo(accessToken: string, settings: LoginSettings): Promise<Result<Claims>> {
  const claims = await verified(() => settings.issuer.verifyAccessToken(accessToken))
  const login = claims && (await loginOf(claims, settings))
  if (claims === undefined || login === undefined) return badToken
  const profile = withoutPasswords(settings.overlay === undefined ? login.user : overlay(login.user, settings.overlay))
  const also = { ...login.idTokenClaims, sub: login.userId }
  if (settings.scoping === 'none') return succeed({ ...profile, ...also })
  const scopes = scopesOf(textOf(claims['scope']))
  return scopes.includes('openid')
    ? succeed({ ...claimsForScopes(profile, scopes), ...also })
    : fail('insufficient_scope', 'The access token was not granted the scope openid.')
}

/** /tokeninfo: the raw claims that the ID token carries, or the stored profile; never what a rule did to the user. */
export async function tokeninfo(idToken: string, settings: LoginSettings): Promise<Result<Claims>> {
  const claims = await verified(() => settings.issuer.verifyIdToken(idToken))
  if (claims === undefined) return badToken
  if (settings.tokeninfo === 'claims') return succeed({ ...claims })
  const login = await loginOf(claims, settings)
  const user = login && (await settings.store.users.get(login.userId))
  return user === undefined ? badToken : succeed(withoutPasswords(user))
}

/** The login that a token came from; undefined once it ended, with its time or with the user. */
async function loginOf(
  { sub, sid }: TokenClaims,
  { store, clock }: LoginSettings,
): Promise<RememberedLogin | undefined> {
  const login = await store.logins.get(textOf(sid))
  return login !== undefined && login.userId === sub && login.expiresAtMs > clock() ? login : undefined
}

async function verified(verify: () => Promise<TokenClaims>): Promise<TokenClaims | undefined> {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return undefined
    throw error
  }
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}
