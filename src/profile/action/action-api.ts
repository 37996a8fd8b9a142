/** A factor of `api.authentication`, such as `{ type: 'otp' }`. */
export interface Factor {
  type: string
  options?: Record<string, unknown>
}

export interface CacheRecord {
  value: string
  /** Milliseconds since 1970. */
  expires_at: number
}

/** Texts per ruleset and worker: 20 records of 8 kB each, for a day at most. */
export interface ActionCache {
  /** Returns a record, or undefined. */
  get(key: string): CacheRecord | undefined
  /** Keeps a text for `ttl` milliseconds, or until `expires_at`; by default for 15 minutes, at most for a day. */
  set(
    key: string,
    value: string,
    options?: { ttl?: number; expires_at?: number },
  ): { type: 'success'; record: CacheRecord } | { type: 'error'; code: string; message: string }
  /** Removes a record. */
  delete(key: string): { type: 'success' }
}

interface MetadataApi<Api> {
  /** Sets a value of the metadata, which the event shows at once; null deletes it. */
  setMetadata(key: string, value: string | null): Api
  /** Deletes a value of the metadata. */
  deleteMetadata(key: string): Api
  /** Deletes all metadata. */
  evictMetadata(): Api
}

interface ExpiryApi<Api> {
  /** Writes `expires_at` into the context: milliseconds since 1970. */
  setExpiresAt(atMs: number): Api
  /** Writes `idle_expires_at` into the context: milliseconds since 1970. */
  setIdleExpiresAt(atMs: number): Api
}

/**
 * `api` of `onExecutePostLogin` and `onContinuePostLogin`. Some parts have no effect here (docs/actions-reference.md).
 *
 * @example
 * exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('https://example.com/roles', event.user.app_metadata.roles)
 */
export interface PostLoginApi {
  access: {
    /** Refuses the login with this reason. No other action runs. */
    deny(reason: string): PostLoginApi
    /** The same, with `reasonCode` in the outcome. */
    deny(code: string, reason: string): PostLoginApi
  }
  validation: {
    /** Refuses the login with this message, and the code as `reasonCode`. */
    error(code: string, message: string): PostLoginApi
  }
  idToken: {
    /** Sets a claim of the ID token (`context.idToken`). */
    setCustomClaim(name: string, value: unknown): PostLoginApi
  }
  accessToken: {
    /** Sets a claim of the access token (`context.accessToken`). The name `scope` has no effect. */
    setCustomClaim(name: string, value: unknown): PostLoginApi
    /** Adds to `context.accessToken.scope`. */
    addScope(scope: string): PostLoginApi
    /** Removes from `context.accessToken.scope`. */
    removeScope(scope: string): PostLoginApi
  }
  user: {
    /** Sets a value of `user_metadata`: seen by the next action, saved once after the last one. */
    setUserMetadata(key: string, value: unknown): PostLoginApi
    /** Sets a value of `app_metadata`, in the same way. */
    setAppMetadata(key: string, value: unknown): PostLoginApi
  }
  authentication: {
    /** Ends the run with the outcome `challenge`; `engine.resume` says that it was passed. `additionalFactors` are offered, too. */
    challengeWith(factor: Factor, options?: { additionalFactors?: Factor[] }): PostLoginApi
    /** The same, with any of several factors. */
    challengeWithAny(factors: Factor[]): PostLoginApi
    /** Ends the run with the outcome `challenge`, to enrol a factor. */
    enrollWith(factor: Factor, options?: { additionalFactors?: Factor[] }): PostLoginApi
    /** The same, with any of several factors. */
    enrollWithAny(factors: Factor[]): PostLoginApi
    /** Adds to `context.authentication.methods`. In `onContinuePostLogin` only. */
    recordMethod(url: string): PostLoginApi
    /** Writes `context.primaryUser`. */
    setPrimaryUser(userId: string): PostLoginApi
  }
  multifactor: {
    /** Asks for a second factor in the form of rules: the outcome is `challenge` when all actions have run. `none` takes it back. */
    enable(
      provider: string,
      options?: { allowRememberBrowser?: boolean; providerOptions?: Record<string, unknown> },
    ): PostLoginApi
  }
  redirect: {
    /** Whether a browser is there: not for a password grant, a refresh or `prompt=none`. */
    canRedirect(): boolean
    /** Signs a token with the profile's `sub` and the payload, for the page that the user is sent to. */
    encodeToken(options: { secret: string; payload: Record<string, unknown>; expiresInSeconds?: number }): string
    /** Ends the run with the outcome `redirect`. */
    sendUserTo(url: string, options?: { query?: Record<string, string> }): PostLoginApi
    /** Verifies the token that the user came back with. Throws if it is not valid for this login. */
    validateToken(options: { secret: string; tokenParameterName?: string }): Record<string, unknown>
  }
  cache: ActionCache
  transaction: {
    /** Sets a value that later actions of the login see, also after a redirect. */
    setMetadata(key: string, value: string | number | boolean | null): PostLoginApi
  }
  session: MetadataApi<PostLoginApi> &
    ExpiryApi<PostLoginApi> & {
      /** Refuses the login, with a warning in the trace: nothing is revoked. */
      revoke(reason: string, options?: { preserveRefreshTokens?: boolean }): PostLoginApi
      /** Writes `cookie.mode` into the context. */
      setCookieMode(mode: 'persistent' | 'non-persistent'): PostLoginApi
    }
  refreshToken: MetadataApi<PostLoginApi> &
    ExpiryApi<PostLoginApi> & {
      /** Refuses the login, with a warning in the trace: nothing is revoked. */
      revoke(reason: string): PostLoginApi
    }
  rules: {
    /** Whether the rule of this name ran in this login. */
    wasExecuted(rule: string): boolean
  }
  prompt: {
    /** Has no effect; the trace has a warning. An outcome cannot carry a form. */
    render(promptId: string, options?: Record<string, unknown>): PostLoginApi
  }
  /** Its methods write `context.samlConfiguration`, as rules do; `setAttribute` writes `attributes` in it. */
  samlResponse: Record<string, (...values: unknown[]) => PostLoginApi>
  /** Every call is rejected: there are no groups here. */
  groups: Record<'getUserGroups' | 'hasGroupMembership', (...values: unknown[]) => Promise<never>>
  /** Every call is rejected: roles are what rules and metadata make of them. */
  roles: Record<
    'getUserEffectiveRoles' | 'getUserEffectiveRolesByIds' | 'getUserEffectiveRolesByNames',
    (...values: unknown[]) => Promise<never>
  >
}

/**
 * `api` of `onExecuteCredentialsExchange`.
 *
 * @example
 * exports.onExecuteCredentialsExchange = async (event, api) => api.accessToken.setCustomClaim('https://example.com/tier', 'gold')
 */
export interface CredentialsExchangeApi {
  access: {
    /** Refuses the token. The code is the OAuth error that the client gets. */
    deny(code: 'invalid_scope' | 'invalid_request' | 'server_error', reason?: string): CredentialsExchangeApi
  }
  accessToken: {
    /** Sets a claim of the access token. */
    setCustomClaim(name: string, value: unknown): CredentialsExchangeApi
  }
  cache: ActionCache
  transaction: {
    /** Grants one more scope. */
    addTargetScope(scope: string): CredentialsExchangeApi
    /** Grants one scope less. */
    removeTargetScope(scope: string): CredentialsExchangeApi
    /** Grants these scopes only. */
    setTargetScopes(scopes: string[]): CredentialsExchangeApi
    /** Grants no scope. */
    clearTargetScopes(): CredentialsExchangeApi
  }
}
