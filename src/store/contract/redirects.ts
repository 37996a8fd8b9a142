/** A login whose user was sent to another page, and who will come back. */
export interface SuspendedRedirect {
  /** What the user brings back. The store keeps its SHA-256 only. */
  readonly state: string
  readonly userId: string | undefined
  readonly expiresAtMs: number
  readonly waitsFor: 'redirect' | 'challenge'
  /** What the rules go on with; it holds the profile. */
  readonly login: string
  /** Data of whoever ran the login. */
  readonly metadata?: unknown
}

/** Logins under way elsewhere. They end with their user, and when they are blocked. */
export interface RedirectStore {
  /** @throws {ClaimsmithError} STORE_CONFLICT when the user is gone, or the state taken. */
  save(redirect: SuspendedRedirect): Promise<void>
  /** As it was saved. The caller compares `expiresAtMs` with its own clock. */
  get(state: string): Promise<SuspendedRedirect | undefined>
  /** The same, and it is gone; of several callers at once, one gets it. */
  take(state: string): Promise<SuspendedRedirect | undefined>
}
