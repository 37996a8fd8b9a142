import { claimsForScopes } from '../../profile/context/scopes.ts'
import type { Granted } from '../grants/granted.ts'
import type { LoginSettings } from '../options.ts'
import { saveRefreshToken } from '../grants/refresh-token.ts'
import type { TokenSet } from '../result/result.ts'

/** The tokens of a login: always an access token, an ID token with `openid`, a refresh token with `offline_access`. */
export async function issueTokens(granted: Granted, settings: LoginSettings): Promise<TokenSet> {
  const { scope, refreshScope } = granted
  const accessToken = await issueAccessToken(granted, settings)
  const idToken = scope.includes('openid') ? await issueIdToken(granted, accessToken, settings) : undefined
  const refreshToken = refreshScope && (await saveRefreshToken(granted, refreshScope, settings))
  return {
    access_token: accessToken,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: scope.join(' '),
    expires_in: settings.accessTokenSeconds,
    token_type: 'Bearer',
  }
}

function issueAccessToken({ transaction, outcome, sub, scope }: Granted, settings: LoginSettings): Promise<string> {
  return settings.issuer.accessToken({
    sub,
    audience: transaction.audience,
    clientId: transaction.client.client_id,
    scope: scope.join(' '),
    ruleClaims: outcome.claims.accessToken,
    sid: transaction.id,
    expiresInSeconds: settings.accessTokenSeconds,
  })
}

function issueIdToken(granted: Granted, accessToken: string, settings: LoginSettings): Promise<string> {
  const { transaction, outcome, sub, scope } = granted
  return settings.issuer.idToken({
    sub,
    audience: transaction.client.client_id,
    // The raw profile: what the rules did to `user` is for /userinfo.
    claims: claimsForScopes(transaction.user, scope),
    ruleClaims: outcome.claims.idToken,
    // After a refresh too, it is the time of the password (OpenID Connect Core 1.0, 12.2).
    authTimeSeconds: Math.floor(transaction.authenticatedAtMs / 1_000),
    sid: transaction.id,
    accessToken,
    expiresInSeconds: settings.idTokenSeconds,
  })
}
