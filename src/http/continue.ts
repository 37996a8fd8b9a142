import type { LoginService } from '../login/login-service.ts'
import { type Result, type TokenSet, oauthError, succeed } from '../login/result/result.ts'
import { type BodyParameters, isForm, readBodyParameters } from './body.ts'
import { authenticateClient } from './client-credentials.ts'
import { type ConnectionInfo, isTooLarge, readRequestDetails, requestTooLargeError } from './request-details.ts'

/**
 * GET and POST /continue: the user has returned from the redirect of a rule or an action.
 *
 * The client that started the login calls this endpoint, not the browser. It authenticates as at the token endpoint, and
 * gets the response of the token endpoint.
 */
export async function continueLogin(
  request: Request,
  connectionInfo: ConnectionInfo,
  login: LoginService,
): Promise<Result<TokenSet>> {
  const body = await readOptionalBody(request)
  if (!body.ok) return body
  const state = new URL(request.url).searchParams.get('state') ?? body.value['state']
  if (state === undefined || state === '') return oauthError('invalid_request', 'The parameter state is missing.')
  const client = await authenticateClient(request, body.value, login)
  if (!client.ok) return client
  const details = readRequestDetails(request, body.value, connectionInfo)
  if (isTooLarge(details)) return requestTooLargeError
  return await login.resume({ client: client.value, state, request: details })
}

async function readOptionalBody(request: Request): Promise<Result<BodyParameters>> {
  const hasBody = request.method === 'POST' && (isForm(request) || request.headers.has('content-type'))
  return hasBody ? await readBodyParameters(request) : succeed({})
}
