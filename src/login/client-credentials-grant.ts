import type { LoginSettings } from './options.ts'
import { type Result, type TokenSet, fail, succeed } from './result.ts'
import { scopesOf } from './scopes.ts'
import type { GrantInput } from './transaction.ts'

/** A token for the client itself; no user logs in, so no rule runs (as in Auth0). */
export async function clientCredentialsGrant(grant: GrantInput, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client } = grant
  const audience = grant.audience ?? client.audience
  if (audience === undefined) return fail('invalid_request', 'An audience is needed: the API that the token is for.')
  if (audience !== client.audience) {
    return fail('access_denied', `The client is not authorized for the audience ${audience}.`)
  }
  const allowed = client.scopes ?? []
  const asked = grant.scope === undefined ? allowed : scopesOf(grant.scope)
  const scope = asked.filter((name) => allowed.includes(name)).join(' ')
  const accessToken = await settings.issuer.accessToken({
    sub: `${client.client_id}@clients`,
    audience,
    clientId: client.client_id,
    scope,
    ruleClaims: { gty: 'client-credentials' },
    expiresInSeconds: settings.accessTokenSeconds,
  })
  return succeed({ access_token: accessToken, scope, expires_in: settings.accessTokenSeconds, token_type: 'Bearer' })
}
