import type { LoginService } from '../login/login-service.ts'
import { type Result, oauthError, succeed } from '../login/result/result.ts'
import { isForm, readBodyParameters } from './body.ts'
import { setRateLimitHeaders } from './limits/headers.ts'
import type { Limiter } from './limits/limiter.ts'
import { respondMissingToken, respond, respondToBearer } from './respond.ts'

/** GET and POST /userinfo (OpenID Connect Core 1.0, 5.3), with a Bearer token (RFC 6750). */
export async function handleUserinfoRequest(
  request: Request,
  login: LoginService,
  limiter: Limiter | undefined,
): Promise<Response> {
  const token = await readAccessToken(request)
  if (!token.ok) return respondToBearer(token)
  if (token.value === undefined) return respondMissingToken()
  const profile = await login.userinfo(token.value)
  const rateLimitStatus = profile.ok ? await limiter?.consume(String(profile.value['sub'])) : undefined
  return setRateLimitHeaders(
    rateLimitStatus?.isExceeded === true ? respond(tooManyRequestsError) : respondToBearer(profile),
    rateLimitStatus,
  )
}

const tooManyRequestsError = oauthError('too_many_requests', 'Too many requests for the profile of this user.')

/** Reads the token from the header (RFC 6750, 2.1) or a form (2.2); not from the URL (2.3), which ends up in logs. */
async function readAccessToken(request: Request): Promise<Result<string | undefined>> {
  const headerToken = parseBearerHeader(request)
  const formToken = await readFormToken(request)
  if (!headerToken.ok || !formToken.ok) return headerToken.ok ? formToken : headerToken
  if (headerToken.value !== undefined && formToken.value !== undefined) {
    return oauthError('invalid_request', 'The access token is in the header and in the body; use one of them.')
  }
  return succeed(headerToken.value ?? formToken.value)
}

/** A header with another scheme counts as no token (RFC 6750, 3.1). */
function parseBearerHeader(request: Request): Result<string | undefined> {
  const header = request.headers.get('authorization') ?? ''
  if (!/^Bearer( |$)/i.test(header)) return succeed(undefined)
  const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(header)?.[1]
  return token === undefined
    ? oauthError('invalid_request', 'The Authorization header does not hold one Bearer token.')
    : succeed(token)
}

async function readFormToken(request: Request): Promise<Result<string | undefined>> {
  if (request.method !== 'POST' || !isForm(request)) return succeed(undefined)
  const parameters = await readBodyParameters(request)
  return parameters.ok ? succeed(parameters.value['access_token']) : parameters
}

/** POST /tokeninfo: takes `id_token`, as JSON or as a form. */
export async function handleTokeninfoRequest(request: Request, login: LoginService): Promise<Response> {
  const parameters = await readBodyParameters(request)
  if (!parameters.ok) return respondToBearer(parameters)
  const { id_token: idToken } = parameters.value
  if (idToken === undefined) return respondToBearer(oauthError('invalid_request', 'The parameter id_token is missing.'))
  return respondToBearer(await login.tokeninfo(idToken))
}
