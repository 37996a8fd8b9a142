import type { GrantedLogin } from '../grants/granted-login.ts'
import type { LoginSettings } from '../options.ts'

/** Stores the enriched profile for /userinfo, until the last token of the login expires. */
export async function rememberLogin({ transaction, outcome, sub, scope }: GrantedLogin, settings: LoginSettings) {
  const { id, client, connection, audience, authenticatedAtMs } = transaction
  const { store, clock, accessTokenSeconds, idTokenSeconds } = settings
  const login = {
    id,
    userId: sub,
    clientId: client.client_id,
    connection: connection.name,
    scope: scope.join(' '),
    audience,
    user: outcome.user,
    idTokenClaims: outcome.claims.idToken,
    createdAtMs: authenticatedAtMs,
    expiresAtMs: clock() + Math.max(accessTokenSeconds, idTokenSeconds) * 1_000,
  }
  // If the login was ended while the rules ran, a refresh does not revive it.
  await (transaction.refreshedScope === undefined ? store.logins.remember(login) : store.logins.renew(login))
}
