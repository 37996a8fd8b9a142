import type { Login } from '../login/login.ts'
import { type Result, fail, succeed } from '../login/result/result.ts'
import { isForm, readParameters } from './body.ts'
import { withRateLimit } from './limits/headers.ts'
import type { Limiter } from './limits/limiter.ts'
import { askForToken, respond, respondToBearer } from './respond.ts'

/** GET and POST /userinfo (OpenID Connect Core 1.0, 5.3; the token as RFC 6750 has it). */
export async function userinfo(request: Request, login: Login, limiter: Limiter | undefined): Promise<Response> {
  const token = await presentedToken(request)
  if (!token.ok) return respondToBearer(token)
  if (token.value === undefined) return askForToken()
  const profile = await login.userinfo(token.value)
  const standing = profile.ok ? await limiter?.take(String(profile.value['sub'])) : undefined
  return withRateLimit(standing?.isExceeded === true ? respond(tooMany) : respondToBearer(profile), standing)
}

const tooMany = fail('too_many_requests', 'Too many requests for the profile of this user.')

/** In the header (RFC 6750, 2.1) or a form (2.2). In the URL (2.3) it would end up in logs: there it does not count. */
async function presentedToken(request: Request): Promise<Result<string | undefined>> {
  const inHeader = tokenInHeader(request)
  const inForm = await tokenInForm(request)
  if (!inHeader.ok || !inForm.ok) return inHeader.ok ? inForm : inHeader
  if (inHeader.value !== undefined && inForm.value !== undefined) {
    return fail('invalid_request', 'The access token is in the header and in the body; one of them is enough.')
  }
  return succeed(inHeader.value ?? inForm.value)
}

/** Another scheme is no attempt to present a token (RFC 6750, 3.1). */
function tokenInHeader(request: Request): Result<string | undefined> {
  const header = request.headers.get('authorization') ?? ''
  if (!/^Bearer( |$)/i.test(header)) return succeed(undefined)
  const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(header)?.[1]
  return token === undefined
    ? fail('invalid_request', 'The Authorization header does not hold one Bearer token.')
    : succeed(token)
}

async function tokenInForm(request: Request): Promise<Result<string | undefined>> {
  if (request.method !== 'POST' || !isForm(request)) return succeed(undefined)
  const parameters = await readParameters(request)
  return parameters.ok ? succeed(parameters.value['access_token']) : parameters
}

/** POST /tokeninfo: an `id_token`, in JSON or as a form. */
export async function tokeninfo(request: Request, login: Login): Promise<Response> {
  const parameters = await readParameters(request)
  if (!parameters.ok) return respondToBearer(parameters)
  const { id_token: idToken } = parameters.value
  if (idToken === undefined) return respondToBearer(fail('invalid_request', 'The parameter id_token is missing.'))
  return respondToBearer(await login.tokeninfo(idToken))
}
