import type { User } from '../../profile/user/user.ts'

/** What one login left behind: the enriched profile that /userinfo shows until the login's tokens end. */
export interface RememberedLogin {
  readonly id: string
  readonly userId: string
  readonly clientId: string
  readonly connection: string
  readonly scope: string
  readonly audience: string
  /** The enriched profile. It comes back as JSON does: dates as ISO strings, nothing that is undefined. */
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
  /** Remembers a new login. @throws {ClaimsmithError} STORE_CONFLICT when the user is gone or blocked, or the id taken. */
  remember(login: RememberedLogin): Promise<void>
  /** Replaces a login, for a refresh. @throws {ClaimsmithError} STORE_CONFLICT when it was ended: it does not come back. */
  renew(login: RememberedLogin): Promise<void>
  /** The login as remembered. The caller compares `expiresAtMs` with its own clock. */
  get(id: string): Promise<RememberedLogin | undefined>
  /** Deletes one login and its refresh tokens. */
  forget(id: string): Promise<boolean>
  /** Deletes the logins and refresh tokens that ended before `nowMs`; says how many. */
  purgeExpired(nowMs: number): Promise<number>
  /** @throws {ClaimsmithError} STORE_CONFLICT when the login is not remembered any more. */
  saveRefreshToken(token: RefreshToken): Promise<void>
  /**
   * Takes a refresh token out of use and returns it; of several callers at once, one gets it.
   *
   * Taken a second time, it ends every refresh token of its login: somebody holds a copy (RFC 9700, 4.14.2).
   * The caller compares `expiresAtMs` with its own clock.
   */
  takeRefreshToken(tokenHash: string): Promise<RefreshToken | undefined>
}
