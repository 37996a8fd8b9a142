import type { Login } from '../login/login.ts'
import { type Result, type TokenSet, fail } from '../login/result/result.ts'
import type { RequestFacts } from '../login/run/transaction.ts'
import type { Client } from '../store/contract/clients.ts'
import { type Parameters, readParameters } from './body.ts'
import { authenticateClient } from './client-credentials.ts'
import { guardLogin } from './limits/guard-login.ts'
import type { Limiters } from './limits/rate-limits.ts'
import { type ConnectionFacts, isTooLarge, requestFacts, tooLarge } from './request-facts.ts'

interface Services {
  readonly login: Login
  readonly limiters: Limiters
}

interface Grant extends Services {
  readonly client: Client
  readonly body: Parameters
  readonly request: RequestFacts
}

const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

/** RFC 7523, 2.1 */
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Each grant type, and what it does with the parameters. */
const grants: Readonly<Record<string, (grant: Grant) => Promise<Result<TokenSet>> | Result<TokenSet>>> = {
  password: (grant) => byPassword(grant, undefined),
  [passwordRealm]: (grant) => {
    const { realm } = grant.body
    return realm === undefined ? missing('realm') : byPassword(grant, realm)
  },
  [jwtBearer]: ({ login, client, body, request }) => {
    const { assertion, scope, audience } = body
    return assertion === undefined
      ? missing('assertion')
      : login.assertion({ client, request, assertion, scope, audience })
  },
  refresh_token: ({ login, client, body, request }) => {
    const { refresh_token: refreshToken, scope } = body
    return refreshToken === undefined
      ? missing('refresh_token')
      : login.refresh({ client, request, refreshToken, scope })
  },
  client_credentials: ({ login, client, body, request }) =>
    login.clientCredentials({ client, request, scope: body['scope'], audience: body['audience'] }),
}

export const grantTypes: readonly string[] = Object.keys(grants)

/** POST /oauth/token (RFC 6749, 3.2): read, choose the grant, recognise the client, run it. */
export async function token(request: Request, facts: ConnectionFacts, services: Services): Promise<Result<TokenSet>> {
  const { login, limiters } = services
  const parameters = await readParameters(request)
  if (!parameters.ok) return parameters
  const body = parameters.value
  const { grant_type: grantType } = body
  if (grantType === undefined) return missing('grant_type')
  const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined
  if (grant === undefined) {
    return fail('unsupported_grant_type', `The grant type is not supported; these are: ${grantTypes.join(', ')}.`)
  }
  const client = await authenticateClient(request, body, login)
  if (!client.ok) return client
  if (!client.value.grant_types.includes(grantType)) {
    return fail('unauthorized_client', `The client may not use the grant type ${grantType}.`)
  }
  const known = requestFacts(request, body, facts)
  if (isTooLarge(known)) return tooLarge
  return grant({ login, limiters, client: client.value, body, request: known })
}

function byPassword(
  { login, limiters, client, body, request }: Grant,
  realm: string | undefined,
): Promise<Result<TokenSet>> | Result<TokenSet> {
  const { username, password, scope, audience } = body
  if (username === undefined) return missing('username')
  if (password === undefined) return missing('password')
  return guardLogin({ username, ip: request.ip }, limiters, () =>
    login.password({ client, request, username, password, realm, scope, audience }),
  )
}

function missing(parameter: string): Result<never> {
  return fail('invalid_request', `The parameter ${parameter} is missing.`)
}
