/** Why a request got no tokens or no profile. `http/respond.ts` maps each code to an OAuth error and an HTTP status. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'request_too_large'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'access_denied'
  | 'interaction_required'
  | 'mfa_required'
  | 'too_many_attempts'
  | 'too_many_requests'
  | 'server_error'

/** An error as a value; made by `oauthError()` only. */
export interface OAuthError<Code extends string = OAuthErrorCode> extends OAuthErrorDetails {
  readonly ok: false
  readonly code: Code
  /** Written for the client. */
  readonly description: string
}

export interface OAuthErrorDetails {
  /** After how many seconds the client may try again. */
  readonly retryAfterSeconds?: number
  /** With `interaction_required`: the page to send the user to. Its URL holds the state for /continue. */
  readonly redirectUrl?: string
}

export interface Success<T> {
  readonly ok: true
  readonly value: T
}

export type Result<T> = Success<T> | OAuthError

/** The members of a token response (RFC 6749, 5.1; OpenID Connect Core 1.0, 3.1.3.3). */
export interface TokenSet {
  readonly access_token: string
  readonly id_token?: string
  readonly refresh_token?: string
  readonly scope?: string
  readonly expires_in: number
  readonly token_type: 'Bearer'
}

export function succeed<T>(value: T): Success<T> {
  return { ok: true, value }
}

/** Makes the error of every endpoint; `http` adds codes of its own to those of a login. */
export function oauthError<Code extends string = OAuthErrorCode>(
  code: Code,
  description: string,
  details: OAuthErrorDetails = {},
): OAuthError<Code> {
  return { ok: false, code, description, ...details }
}

export const userBlockedError = oauthError('access_denied', 'The user is blocked.')
