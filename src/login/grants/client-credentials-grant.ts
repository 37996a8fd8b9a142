import type { LoginContext } from '../../profile/context/context.ts'
import type { LoginSettings } from '../options.ts'
import { toOAuthError } from '../result/to-oauth-error.ts'
import {
  type OAuthError,
  type OAuthErrorCode,
  type Result,
  type TokenSet,
  oauthError,
  succeed,
} from '../result/result.ts'
import { parseScopes } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'

/**
 * Issues a token for the client itself. Without a user no rule runs, as in Auth0; the actions of credentials-exchange run.
 */
export async function runClientCredentialsGrant(grant: GrantInput, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client } = grant
  const audience = grant.audience ?? client.audience
  if (audience === undefined)
    return oauthError('invalid_request', 'An audience is needed: the API that the token is for.')
  if (audience !== client.audience) {
    return oauthError('access_denied', `The client is not authorized for the audience ${audience}.`)
  }
  const allowedScopes = client.scopes ?? []
  const requestedScopes = grant.scope === undefined ? allowedScopes : parseScopes(grant.scope)
  const context = buildActionsContext(
    grant,
    requestedScopes.filter((name) => allowedScopes.includes(name)),
    settings,
  )
  const outcome = await settings.engine.exchangeCredentials({
    context: { ...context, resource_server: { identifier: audience } },
  })
  const error = toExchangeError(outcome)
  if (error !== undefined) return error
  // Actions may add scopes, but only those that the client is allowed.
  const scope = (outcome.context.accessToken?.scope ?? []).filter((name) => allowedScopes.includes(name)).join(' ')
  const accessToken = await settings.issuer.signAccessToken({
    sub: `${client.client_id}@clients`,
    audience,
    clientId: client.client_id,
    scope,
    ruleClaims: { ...outcome.claims.accessToken, gty: 'client-credentials' },
    expiresInSeconds: settings.accessTokenSeconds,
  })
  return succeed({ access_token: accessToken, scope, expires_in: settings.accessTokenSeconds, token_type: 'Bearer' })
}

function buildActionsContext(
  { client, request }: GrantInput,
  scope: string[],
  { tenant }: LoginSettings,
): LoginContext {
  return {
    tenant,
    clientID: client.client_id,
    clientName: client.name,
    clientMetadata: { ...client.client_metadata },
    request: { ...request },
    accessToken: { scope },
  }
}

/** The codes that `api.access.deny` may use in this grant. */
const denyCodes: readonly OAuthErrorCode[] = ['invalid_scope', 'invalid_request', 'server_error']

function toExchangeError(outcome: Outcome): OAuthError | undefined {
  const error = toOAuthError(outcome)
  const code = denyCodes.find((name) => name === outcome.reasonCode)
  return error === undefined || code === undefined ? error : oauthError(code, error.description)
}
