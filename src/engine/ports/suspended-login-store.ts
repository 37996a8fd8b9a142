/**
 * A login that waits for its user to come back.
 *
 * @example
 * const isExpired = ({ expiresAtMs }: SuspendedLogin): boolean => expiresAtMs <= Date.now()
 */
export interface SuspendedLogin {
  /** Its name, which the user brings back: a secret of 256 random bits. */
  readonly state: string
  readonly expiresAtMs: number
  readonly userId: string | undefined
  /** What the login waits for: the user to be sent elsewhere, or to pass a challenge. */
  readonly waitsFor: 'redirect' | 'challenge'
  /** What `engine.resume` continues with; keep it as it is. It contains the profile. */
  readonly login: string
  /** The `metadata` that `engine.run` was given. */
  readonly metadata?: unknown
}

/**
 * Keeps suspended logins. Several processes need one that they share.
 *
 * @example
 * const suspendedLogins: SuspendedLoginStore = { save: (login) => redis.put(login.state, login), take: (state) => redis.getAndDelete(state) }
 */
export interface SuspendedLoginStore {
  save(login: SuspendedLogin): Promise<void>
  /** Returns a suspended login, and forgets it. */
  take(state: string): Promise<SuspendedLogin | undefined>
}
