import type { LoginService } from '../login/login-service.ts'
import { type Result, type TokenSet, oauthError } from '../login/result/result.ts'
import type { RequestDetails } from '../login/run/transaction.ts'
import type { Client } from '../store/contract/clients.ts'
import { type BodyParameters, readBodyParameters } from './body.ts'
import { authenticateClient } from './client-credentials.ts'
import { rateLimitLogin } from './limits/rate-limit-login.ts'
import type { Limiters } from './limits/rate-limits.ts'
import { type ConnectionInfo, isTooLarge, readRequestDetails, requestTooLargeError } from './request-details.ts'

interface Services {
  readonly login: LoginService
  readonly limiters: Limiters
}

interface Grant extends Services {
  readonly client: Client
  readonly body: BodyParameters
  readonly request: RequestDetails
}

const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

/** RFC 7523, 2.1 */
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const grants: Readonly<Record<string, (grant: Grant) => Promise<Result<TokenSet>> | Result<TokenSet>>> = {
  password: (grant) => handlePasswordGrant(grant, undefined),
  [passwordRealm]: (grant) => {
    const { realm } = grant.body
    return realm === undefined ? createMissingParameterError('realm') : handlePasswordGrant(grant, realm)
  },
  [jwtBearer]: ({ login, client, body, request }) => {
    const { assertion, scope, audience } = body
    return assertion === undefined
      ? createMissingParameterError('assertion')
      : login.assertion({ client, request, assertion, scope, audience })
  },
  refresh_token: ({ login, client, body, request }) => {
    const { refresh_token: refreshToken, scope } = body
    return refreshToken === undefined
      ? createMissingParameterError('refresh_token')
      : login.refresh({ client, request, refreshToken, scope })
  },
  client_credentials: ({ login, client, body, request }) =>
    login.clientCredentials({ client, request, scope: body['scope'], audience: body['audience'] }),
}

export const grantTypes: readonly string[] = Object.keys(grants)

/** POST /oauth/token (RFC 6749, 3.2): read the body, select the grant, authenticate the client, run the grant. */
export async function handleTokenRequest(
  request: Request,
  connectionInfo: ConnectionInfo,
  services: Services,
): Promise<Result<TokenSet>> {
  const { login, limiters } = services
  const parameters = await readBodyParameters(request)
  if (!parameters.ok) return parameters
  const body = parameters.value
  const { grant_type: grantType } = body
  if (grantType === undefined) return createMissingParameterError('grant_type')
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined
  if (grant === undefined) {
    return oauthError(
      'unsupported_grant_type',
      `The grant type is not supported; use one of: ${grantTypes.join(', ')}.`,
    )
  }
  const client = await authenticateClient(request, body, login)
  if (!client.ok) return client
  if (!client.value.grant_types.includes(grantType)) {
    return oauthError('unauthorized_client', `The client may not use the grant type ${grantType}.`)
  }
  const details = readRequestDetails(request, body, connectionInfo)
  if (isTooLarge(details)) return requestTooLargeError
  return grant({ login, limiters, client: client.value, body, request: details })
}

function handlePasswordGrant(
  { login, limiters, client, body, request }: Grant,
  realm: string | undefined,
): Promise<Result<TokenSet>> | Result<TokenSet> {
  const { username, password, scope, audience } = body
  if (username === undefined) return createMissingParameterError('username')
  if (password === undefined) return createMissingParameterError('password')
  return rateLimitLogin({ username, ip: request.ip }, limiters, () =>
    login.password({ client, request, username, password, realm, scope, audience }),
  )
}

function createMissingParameterError(parameter: string): Result<never> {
  return oauthError('invalid_request', `The parameter ${parameter} is missing.`)
}
