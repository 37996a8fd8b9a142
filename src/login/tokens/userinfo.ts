import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { overlay } from '../../profile/overlay/overlay.ts'
import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { RememberedLogin } from '../../store/contract/logins.ts'
import type { TokenClaims } from '../../tokens/issuer.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, oauthError, succeed } from '../result/result.ts'
import { parseScopes } from './scopes.ts'
import { omitPasswords } from '../run/omit-passwords.ts'

type Claims = Record<string, unknown>

const invalidTokenError = oauthError(
  'invalid_token',
  'The token is malformed, expired or revoked, or was not issued here for this endpoint.',
)

/**
 * Returns the enriched profile of the access token's login. The rules do not run again: their result was stored, and a
 * later change of the user is visible after the next login.
 *
 * - Any access token of a user's login is accepted.
 * - With scoping `oidc` it needs the scope `openid` (OpenID Connect Core 1.0, 5.3).
 * - A token of the client itself is never accepted, because it has no user.
 */
export async function userinfo(accessToken: string, settings: LoginSettings): Promise<Result<Claims>> {
  const claims = await tryVerify(() => settings.issuer.verifyAccessToken(accessToken))
  const login = claims && (await findLogin(claims, settings))
  if (claims === undefined || login === undefined) return invalidTokenError
  const profile = omitPasswords(settings.overlay === undefined ? login.user : overlay(login.user, settings.overlay))
  const loginClaims = { ...login.idTokenClaims, sub: login.userId }
  if (settings.scoping === 'none') return succeed({ ...profile, ...loginClaims })
  const scopes = parseScopes(toText(claims['scope']))
  return scopes.includes('openid')
    ? succeed({ ...selectScopeClaims(profile, scopes), ...loginClaims })
    : oauthError('insufficient_scope', 'The access token was not granted the scope openid.')
}

/** Returns the ID token's claims, or the stored profile; never a rule's change to the user. */
export async function tokeninfo(idToken: string, settings: LoginSettings): Promise<Result<Claims>> {
  const claims = await tryVerify(() => settings.issuer.verifyIdToken(idToken))
  if (claims === undefined) return invalidTokenError
  if (settings.tokeninfo === 'claims') return succeed({ ...claims })
  const login = await findLogin(claims, settings)
  const user = login && (await settings.store.users.get(login.userId))
  return user === undefined ? invalidTokenError : succeed(omitPasswords(user))
}

/** Finds the login of a token; undefined if it has expired, or was ended with its user. */
async function findLogin(
  { sub, sid }: TokenClaims,
  { store, clock }: LoginSettings,
): Promise<RememberedLogin | undefined> {
  const login = await store.logins.get(toText(sid))
  return login !== undefined && login.userId === sub && login.expiresAtMs > clock() ? login : undefined
}

async function tryVerify(verify: () => Promise<TokenClaims>): Promise<TokenClaims | undefined> {
  try {
    return await verify()
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return undefined
    throw error
  }
}

function toText(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}
