/** A login that waits for its user to come back. */
export interface SuspendedLogin {
  /** The name it goes by, which the user brings back; secret, and of 256 random bits. */
  readonly state: string
  readonly expiresAtMs: number
  readonly userId: string | undefined
  /** What the login waits for: the user to be sent elsewhere, or to pass a challenge. */
  readonly waitsFor: 'redirect' | 'challenge'
  /** What `engine.resume` goes on with; to be kept as it is. It holds the profile. */
  readonly login: string
  /** The `metadata` that `engine.run` was given. */
  readonly metadata?: unknown
}

/** Where suspended logins are kept. Several processes with one engine each need one that they share. */
export interface SuspendedLoginStore {
  save(login: SuspendedLogin): Promise<void>
  /** Gives a suspended login away, once. */
  take(state: string): Promise<SuspendedLogin | undefined>
}
