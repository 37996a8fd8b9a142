import type { OAuthError, OAuthErrorCode, Result } from '../login/result/result.ts'

/** The answer to each failure; a new code does not compile until it has one. */
const errorResponses = {
  invalid_request: { status: 400, error: 'invalid_request' },
  request_too_large: { status: 413, error: 'invalid_request' },
  invalid_client: { status: 401, error: 'invalid_client' },
  // Auth0 answers a wrong password with 403, where RFC 6749 would say 400.
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
} as const satisfies Record<OAuthErrorCode, { readonly status: number; readonly error: string }>

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** A result as JSON; what failed as OAuth errors are (RFC 6749, 5.2). */
export function respond<T>(result: Result<T>): Response {
  return result.ok
    ? Response.json(result.value, { headers: noStore })
    : toErrorResponse(result, buildBasicChallenge(result))
}

/** The same where a token is presented: what failed carries a Bearer challenge (RFC 6750, 3). */
export function respondToBearer<T>(result: Result<T>): Response {
  return result.ok
    ? Response.json(result.value, { headers: noStore })
    : toErrorResponse(result, buildBearerChallenge(result))
}

/** What a request without a token gets (RFC 6750, 3.1: the challenge has no error code then). */
export function respondMissingToken(): Response {
  const missingTokenError = {
    ok: false,
    code: 'invalid_token',
    description: 'A token is needed: Authorization: Bearer …',
  } as const
  return toErrorResponse(missingTokenError, bearer)
}

const bearer = 'Bearer realm="claimsmith"'

function toErrorResponse(
  { code, description, retryAfterSeconds, redirectUrl }: OAuthError,
  challenge: string | undefined,
): Response {
  const { status, error } = errorResponses[code]
  const headers = {
    ...noStore,
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
  const body = {
    error,
    error_description: description,
    ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }),
  }
  return Response.json(body, { status, headers })
}

function buildBasicChallenge({ code }: OAuthError): string | undefined {
  return code === 'invalid_client' ? 'Basic realm="claimsmith"' : undefined
}

function buildBearerChallenge({ code, description }: OAuthError): string {
  // The characters that RFC 6750 allows here; it may hold a parameter's name, so anything that was sent.
  const quoted = description.slice(0, 200).replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'")
  const scope = code === 'insufficient_scope' ? ', scope="openid"' : ''
  return `${bearer}, error="${errorResponses[code].error}", error_description="${quoted}"${scope}`
}
