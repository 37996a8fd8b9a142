import { connectionOf, refusedClient } from '../run/connection.ts'
import { finishLogin } from '../run/finish.ts'
import { logLogin } from '../result/log.ts'
import type { LoginSettings } from '../options.ts'
import { refreshTokenHash } from './refresh-token.ts'
import { type Result, type TokenSet, fail } from '../result/result.ts'
import { scopesOf } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface RefreshGrant extends GrantInput {
  readonly refreshToken: string
}

/** A refresh token works once; the rules run again, over the profile as it is now. */
export async function refreshGrant(grant: RefreshGrant, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client, request } = grant
  const { store, clock } = settings
  const taken = await store.logins.takeRefreshToken(refreshTokenHash(grant.refreshToken))
  if (taken === undefined || taken.clientId !== client.client_id || taken.expiresAtMs <= clock()) return unknownToken
  const user = await store.users.get(taken.userId)
  const login = await store.logins.get(taken.loginId)
  if (user === undefined || login === undefined) return unknownToken
  const connection = await connectionOf(taken.connection, store, user)
  if (user.blocked === true) {
    const attempt = { client, request, connection, audience: taken.audience, user }
    await logLogin('fertft', attempt, settings, blocked.description)
    return blocked
  }
  const refreshedScope = scopesOf(taken.scope)
  const scope = grant.scope === undefined ? refreshedScope : scopesOf(grant.scope)
  if (!scope.every((name) => refreshedScope.includes(name))) {
    return fail('invalid_scope', 'The refresh token was not granted every scope that is asked for now.')
  }
  const refusal = refusedClient(connection, client)
  if (refusal !== undefined) return refusal
  const { loginId: id, audience } = taken
  const how = { id, connection, protocol: 'oauth2-refresh-token', authenticatedAtMs: login.createdAtMs } as const
  return finishLogin({ ...how, user, client, scope, refreshedScope, audience, request }, settings)
}

const blocked = fail('access_denied', 'The user is blocked.')
const unknownToken = fail('invalid_grant', 'Unknown or invalid refresh token.')
