import type { Login } from '../login/login.ts'
import { type Result, type TokenSet, fail, succeed } from '../login/result/result.ts'
import { type Parameters, isForm, readParameters } from './body.ts'
import { authenticateClient } from './client-credentials.ts'
import { type ConnectionFacts, isTooLarge, requestFacts, tooLarge } from './request-facts.ts'

/**
 * GET and POST /continue: the user has come back from where a rule or an action had sent them.
 *
 * There is no page here that a browser could be shown: the client that began the login calls, authenticates as it does at
 * the token endpoint, and gets the token response that it would have got there.
 */
export async function continueLogin(request: Request, facts: ConnectionFacts, login: Login): Promise<Result<TokenSet>> {
  const body = await bodyOf(request)
  if (!body.ok) return body
  const state = new URL(request.url).searchParams.get('state') ?? body.value['state']
  if (state === undefined || state === '') return fail('invalid_request', 'The parameter state is missing.')
  const client = await authenticateClient(request, body.value, login)
  if (!client.ok) return client
  const known = requestFacts(request, body.value, facts)
  if (isTooLarge(known)) return tooLarge
  return await login.resume({ client: client.value, state, request: known })
}

async function bodyOf(request: Request): Promise<Result<Parameters>> {
  const hasBody = request.method === 'POST' && (isForm(request) || request.headers.has('content-type'))
  return hasBody ? await readParameters(request) : succeed({})
}
