import type { Granted } from './granted.ts'
import type { LoginSettings } from './options.ts'

/** Keeps the enriched profile for /userinfo, until the access token ends. */
export async function rememberLogin({ transaction, outcome, sub, scope }: Granted, settings: LoginSettings) {
  const { id, client, connection, audience, authenticatedAtMs } = transaction
  const { store, clock, accessTokenSeconds } = settings
  await store.logins.remember({
    id,
    userId: sub,
    clientId: client.client_id,
    connection,
    scope: scope.join(' '),
    audience,
    user: outcome.user,
    idTokenClaims: outcome.claims.idToken,
    createdAtMs: authenticatedAtMs,
    expiresAtMs: clock() + accessTokenSeconds * 1_000,
  })
}
