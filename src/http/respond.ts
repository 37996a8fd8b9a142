import { type OAuthError, type OAuthErrorCode, type Result, oauthError } from '../login/result/result.ts'

/** The codes of a login, and those that only HTTP has. */
export type HttpErrorCode =
  | OAuthErrorCode
  | 'not_found'
  | 'method_not_allowed'
  | 'hook_method_not_allowed'
  | 'hook_not_authentic'

/** The status and the OAuth error of each code. A new code does not compile until it has both. */
const errorResponses = {
  invalid_request: { status: 400, error: 'invalid_request' },
  request_too_large: { status: 413, error: 'invalid_request' },
  invalid_client: { status: 401, error: 'invalid_client' },
  // Auth0 answers a wrong password with 403; RFC 6749 says 400.
  invalid_grant: { status: 403, error: 'invalid_grant' },
  invalid_scope: { status: 400, error: 'invalid_scope' },
  invalid_token: { status: 401, error: 'invalid_token' },
  insufficient_scope: { status: 403, error: 'insufficient_scope' },
  unauthorized_client: { status: 403, error: 'unauthorized_client' },
  unsupported_grant_type: { status: 400, error: 'unsupported_grant_type' },
  access_denied: { status: 403, error: 'access_denied' },
  interaction_required: { status: 403, error: 'interaction_required' },
  mfa_required: { status: 403, error: 'mfa_required' },
  too_many_attempts: { status: 429, error: 'too_many_attempts' },
  too_many_requests: { status: 429, error: 'too_many_requests' },
  server_error: { status: 500, error: 'server_error' },
  not_found: { status: 404, error: 'not_found' },
  method_not_allowed: { status: 405, error: 'method_not_allowed' },
  hook_method_not_allowed: { status: 405, error: 'invalid_request' },
  hook_not_authentic: { status: 401, error: 'invalid_request' },
} as const satisfies Record<HttpErrorCode, { readonly status: number; readonly error: string }>

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** Converts a result to JSON; errors have the form of RFC 6749, 5.2. */
export function respond<T>(result: Result<T>): Response {
  return result.ok
    ? Response.json(result.value, { headers: noStore })
    : toErrorResponse(result, { ...noStore, ...buildBasicChallenge(result) })
}

/** Like `respond`, for endpoints that take a token: errors carry a Bearer challenge (RFC 6750, 3). */
export function respondToBearer<T>(result: Result<T>): Response {
  return result.ok
    ? Response.json(result.value, { headers: noStore })
    : toErrorResponse(result, { ...noStore, 'www-authenticate': buildBearerChallenge(result) })
}

/** The response to a request without a token. Its challenge has no error code (RFC 6750, 3.1). */
export function respondMissingToken(): Response {
  return toErrorResponse(missingTokenError, { ...noStore, 'www-authenticate': bearer })
}

const missingTokenError = oauthError('invalid_token', 'A token is needed: Authorization: Bearer …')

const bearer = 'Bearer realm="claimsmith"'

/** The only place where an OAuth error becomes a Response. */
export function toErrorResponse(
  error: OAuthError<HttpErrorCode>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { code, retryAfterSeconds } = error
  const retryAfter = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return Response.json(toErrorBody(error), {
    status: errorResponses[code].status,
    headers: { ...headers, ...retryAfter },
  })
}

export function toErrorBody({ code, description, redirectUrl }: OAuthError<HttpErrorCode>): object {
  return {
    error: errorResponses[code].error,
    error_description: description,
    ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }),
  }
}

function buildBasicChallenge({ code }: OAuthError): Record<string, string> {
  return code === 'invalid_client' ? { 'www-authenticate': 'Basic realm="claimsmith"' } : {}
}

function buildBearerChallenge({ code, description }: OAuthError): string {
  // RFC 6750 allows these characters only. The description may hold a parameter's name, so any character that was sent.
  const quoted = description.slice(0, 200).replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'")
  const scope = code === 'insufficient_scope' ? ', scope="openid"' : ''
  return `${bearer}, error="${errorResponses[code].error}", error_description="${quoted}"${scope}`
}
