/** A login that is suspended while the user is on another page. */
export interface SuspendedRedirect {
  /** The `state` parameter with which the user returns. The store only keeps its SHA-256 hash. */
  readonly state: string
  readonly userId: string | undefined
  readonly expiresAtMs: number
  readonly waitsFor: 'redirect' | 'challenge'
  /** The engine's state of the login; it holds the profile. */
  readonly login: string
  /** Data of the caller that ran the login. */
  readonly metadata?: unknown
}

/** Suspended logins. They are deleted when their user is deleted or blocked. */
export interface RedirectStore {
  /** @throws {ClaimsmithError} STORE_CONFLICT if the user is deleted or the state is taken. */
  save(redirect: SuspendedRedirect): Promise<void>
  /** The login as saved. The caller compares `expiresAtMs` with its own clock. */
  get(state: string): Promise<SuspendedRedirect | undefined>
  /** Returns the login and deletes it. Of several concurrent callers, one gets it. */
  take(state: string): Promise<SuspendedRedirect | undefined>
}
