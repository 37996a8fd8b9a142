import type { LoginContext } from '../../profile/context/context.ts'
import type { LoginSettings } from '../options.ts'
import { refusalOf } from '../result/refuse.ts'
import { type Failure, type FailureCode, type Result, type TokenSet, fail, succeed } from '../result/result.ts'
import { scopesOf } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'

/**
 * A token for the client itself; no user logs in, so no rule runs (as in Auth0), but the actions of credentials-exchange do.
 */
export async function clientCredentialsGrant(grant: GrantInput, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client } = grant
  const audience = grant.audience ?? client.audience
  if (audience === undefined) return fail('invalid_request', 'An audience is needed: the API that the token is for.')
  if (audience !== client.audience) {
    return fail('access_denied', `The client is not authorized for the audience ${audience}.`)
  }
  const allowed = client.scopes ?? []
  const asked = grant.scope === undefined ? allowed : scopesOf(grant.scope)
  const context = contextForActions(
    grant,
    asked.filter((name) => allowed.includes(name)),
    settings,
  )
  const outcome = await settings.engine.exchangeCredentials({
    context: { ...context, resource_server: { identifier: audience } },
  })
  const refusal = refusedExchange(outcome)
  if (refusal !== undefined) return refusal
  // What actions add counts as far as the client may have it.
  const scope = (outcome.context.accessToken?.scope ?? []).filter((name) => allowed.includes(name)).join(' ')
  const accessToken = await settings.issuer.accessToken({
    sub: `${client.client_id}@clients`,
    audience,
    clientId: client.client_id,
    scope,
    ruleClaims: { ...outcome.claims.accessToken, gty: 'client-credentials' },
    expiresInSeconds: settings.accessTokenSeconds,
  })
  return succeed({ access_token: accessToken, scope, expires_in: settings.accessTokenSeconds, token_type: 'Bearer' })
}

function contextForActions({ client, request }: GrantInput, scope: string[], { tenant }: LoginSettings): LoginContext {
  return {
    tenant,
    clientID: client.client_id,
    clientName: client.name,
    clientMetadata: { ...client.client_metadata },
    request: { ...request },
    accessToken: { scope },
  }
}

/** The codes that `api.access.deny` may give here. */
const codes: readonly FailureCode[] = ['invalid_scope', 'invalid_request', 'server_error']

function refusedExchange(outcome: Outcome): Failure | undefined {
  const refusal = refusalOf(outcome)
  const code = codes.find((name) => name === outcome.reasonCode)
  return refusal === undefined || code === undefined ? refusal : fail(code, refusal.description)
}
