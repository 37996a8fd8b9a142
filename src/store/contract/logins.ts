import type { User } from '../../profile/user/user.ts'

/** A login that succeeded, with the enriched profile that /userinfo returns until the login's tokens expire. */
export interface RememberedLogin {
  readonly id: string
  readonly userId: string
  readonly clientId: string
  readonly connection: string
  readonly scope: string
  readonly audience: string
  /** The enriched profile, as JSON keeps it: dates are ISO strings, undefined members are absent. */
  readonly user: User
  readonly idTokenClaims: Readonly<Record<string, unknown>>
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface RefreshToken {
  /** SHA-256 of the token; the token itself never reaches the store. */
  readonly tokenHash: string
  readonly loginId: string
  readonly userId: string
  readonly clientId: string
  readonly connection: string
  readonly scope: string
  readonly audience: string
  readonly expiresAtMs: number
}

export interface LoginStore {
  /** Stores a new login. @throws {ClaimsmithError} STORE_CONFLICT if the user is deleted or blocked, or the id is taken. */
  remember(login: RememberedLogin): Promise<void>
  /** Replaces a login after a refresh. @throws {ClaimsmithError} STORE_CONFLICT if the login was deleted. */
  renew(login: RememberedLogin): Promise<void>
  /** The login as stored. The caller compares `expiresAtMs` with its own clock. */
  get(id: string): Promise<RememberedLogin | undefined>
  /** Deletes one login and its refresh tokens. False if there is no such login. */
  forget(id: string): Promise<boolean>
  /**
   * Deletes what expired before `nowMs`: logins, refresh tokens, suspended logins and used assertions.
   *
   * Returns the number of deleted logins and refresh tokens.
   */
  purgeExpired(nowMs: number): Promise<number>
  /** @throws {ClaimsmithError} STORE_CONFLICT if the login was deleted. */
  saveRefreshToken(token: RefreshToken): Promise<void>
  /**
   * Invalidates a refresh token and returns it. Of several concurrent callers, one gets it.
   *
   * A second use of a token invalidates every refresh token of its login, because a copy exists (RFC 9700, 4.14.2).
   * The caller compares `expiresAtMs` with its own clock.
   */
  takeRefreshToken(tokenHash: string): Promise<RefreshToken | undefined>
}
