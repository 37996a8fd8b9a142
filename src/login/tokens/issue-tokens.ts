import { selectScopeClaims } from '../../profile/context/scope-claims.ts'
import type { GrantedLogin } from '../grants/granted-login.ts'
import type { LoginSettings } from '../options.ts'
import { saveRefreshToken } from '../grants/refresh-token.ts'
import type { TokenSet } from '../result/result.ts'

/** Issues an access token, with `openid` also an ID token, with `offline_access` also a refresh token. */
export async function issueTokens(login: GrantedLogin, settings: LoginSettings): Promise<TokenSet> {
  const { scope, refreshScope } = login
  const accessToken = await issueAccessToken(login, settings)
  const idToken = scope.includes('openid') ? await issueIdToken(login, accessToken, settings) : undefined
  const refreshToken = refreshScope && (await saveRefreshToken(login, refreshScope, settings))
  return {
    access_token: accessToken,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: scope.join(' '),
    expires_in: settings.accessTokenSeconds,
    token_type: 'Bearer',
  }
}

function issueAccessToken(
  { transaction, outcome, sub, scope }: GrantedLogin,
  settings: LoginSettings,
): Promise<string> {
  return settings.issuer.signAccessToken({
    sub,
    audience: transaction.audience,
    clientId: transaction.client.client_id,
    scope: scope.join(' '),
    ruleClaims: outcome.claims.accessToken,
    sid: transaction.id,
    expiresInSeconds: settings.accessTokenSeconds,
  })
}

function issueIdToken(login: GrantedLogin, accessToken: string, settings: LoginSettings): Promise<string> {
  const { transaction, outcome, sub, scope } = login
  return settings.issuer.signIdToken({
    sub,
    audience: transaction.client.client_id,
    // The raw profile: the rules' changes to `user` are for /userinfo.
    claims: selectScopeClaims(transaction.user, scope),
    ruleClaims: outcome.claims.idToken,
    // After a refresh it is still the time of the original authentication (OpenID Connect Core 1.0, 12.2).
    authTimeSeconds: Math.floor(transaction.authenticatedAtMs / 1_000),
    sid: transaction.id,
    accessToken,
    expiresInSeconds: settings.idTokenSeconds,
  })
}
