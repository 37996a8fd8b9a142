/** Why a request got no tokens, or no profile; `http/respond.ts` has the OAuth error and the status of each. */
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

/** A failure as a value; `description` is written for the client. */
export interface OAuthError {
  readonly ok: false
  readonly code: OAuthErrorCode
  readonly description: string
  /** When it is worth to try again. */
  readonly retryAfterSeconds?: number
  /** With `interaction_required`: where the user is to be sent, with the state to come back with. */
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

export function oauthError(code: OAuthErrorCode, description: string): OAuthError {
  return { ok: false, code, description }
}
