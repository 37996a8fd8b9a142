import { resolveConnection, checkClientEnabled } from '../run/resolve-connection.ts'
import { finishLogin } from '../run/finish-login.ts'
import { logLogin } from '../result/log-login.ts'
import type { LoginSettings } from '../options.ts'
import { hashRefreshToken } from './refresh-token.ts'
import { type Result, type TokenSet, oauthError, userBlockedError } from '../result/result.ts'
import { parseScopes } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface RefreshGrant extends GrantInput {
  readonly refreshToken: string
}

/** Exchanges a refresh token, which works once. The rules run again, over the current profile. */
export async function runRefreshGrant(grant: RefreshGrant, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client, request } = grant
  const { store, clock } = settings
  const storedToken = await store.logins.takeRefreshToken(hashRefreshToken(grant.refreshToken))
  if (storedToken === undefined || storedToken.clientId !== client.client_id || storedToken.expiresAtMs <= clock())
    return unknownTokenError
  const user = await store.users.get(storedToken.userId)
  const login = await store.logins.get(storedToken.loginId)
  if (user === undefined || login === undefined) return unknownTokenError
  const connection = await resolveConnection(storedToken.connection, store, user)
  if (user.blocked === true) {
    const attempt = { client, request, connection, audience: storedToken.audience, user }
    await logLogin('fertft', attempt, settings, userBlockedError.description)
    return userBlockedError
  }
  const refreshedScope = parseScopes(storedToken.scope)
  const scope = grant.scope === undefined ? refreshedScope : parseScopes(grant.scope)
  if (!scope.every((name) => refreshedScope.includes(name))) {
    return oauthError('invalid_scope', 'The refresh token was not granted every requested scope.')
  }
  const clientError = checkClientEnabled(connection, client)
  if (clientError !== undefined) return clientError
  const { loginId: id, audience } = storedToken
  const authentication = {
    id,
    connection,
    protocol: 'oauth2-refresh-token',
    authenticatedAtMs: login.createdAtMs,
  } as const
  return finishLogin({ ...authentication, user, client, scope, refreshedScope, audience, request }, settings)
}

const unknownTokenError = oauthError('invalid_grant', 'Unknown or invalid refresh token.')
