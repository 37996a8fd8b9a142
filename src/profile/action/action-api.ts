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

export interface ActionCache {
  get(key: string): CacheRecord | undefined
  /** Keeps a text for `ttl` milliseconds, or until `expires_at`; by default for 15 minutes, at most for a day. */
  set(
    key: string,
    value: string,
    options?: { ttl?: number; expires_at?: number },
  ): { type: 'success'; record: CacheRecord } | { type: 'error'; code: string; message: string }
  delete(key: string): { type: 'success' }
}

interface MetadataApi<Api> {
  setMetadata(key: string, value: string | null): Api
  deleteMetadata(key: string): Api
  evictMetadata(): Api
}

/**
 * `api` of `onExecutePostLogin` and `onContinuePostLogin`. docs/actions.md says which parts have no effect here.
 *
 * @example
 * exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('https://example.com/roles', event.user.app_metadata.roles)
 */
export interface PostLoginApi {
  access: { deny(reason: string): PostLoginApi; deny(code: string, reason: string): PostLoginApi }
  validation: { error(code: string, message: string): PostLoginApi }
  idToken: { setCustomClaim(name: string, value: unknown): PostLoginApi }
  accessToken: {
    setCustomClaim(name: string, value: unknown): PostLoginApi
    addScope(scope: string): PostLoginApi
    removeScope(scope: string): PostLoginApi
  }
  user: {
    setUserMetadata(key: string, value: unknown): PostLoginApi
    setAppMetadata(key: string, value: unknown): PostLoginApi
  }
  authentication: {
    challengeWith(factor: Factor, options?: { additionalFactors?: Factor[] }): PostLoginApi
    challengeWithAny(factors: Factor[]): PostLoginApi
    enrollWith(factor: Factor, options?: { additionalFactors?: Factor[] }): PostLoginApi
    enrollWithAny(factors: Factor[]): PostLoginApi
    /** In `onContinuePostLogin` only. */
    recordMethod(url: string): PostLoginApi
    setPrimaryUser(userId: string): PostLoginApi
  }
  multifactor: {
    enable(
      provider: string,
      options?: { allowRememberBrowser?: boolean; providerOptions?: Record<string, unknown> },
    ): PostLoginApi
  }
  redirect: {
    canRedirect(): boolean
    encodeToken(options: { secret: string; payload: Record<string, unknown>; expiresInSeconds?: number }): string
    sendUserTo(url: string, options?: { query?: Record<string, string> }): PostLoginApi
    /** Throws if the token is not valid for this login. */
    validateToken(options: { secret: string; tokenParameterName?: string }): Record<string, unknown>
  }
  cache: ActionCache
  transaction: { setMetadata(key: string, value: string | number | boolean | null): PostLoginApi }
  session: MetadataApi<PostLoginApi> & {
    revoke(reason: string, options?: { preserveRefreshTokens?: boolean }): PostLoginApi
    setExpiresAt(atMs: number): PostLoginApi
    setIdleExpiresAt(atMs: number): PostLoginApi
    setCookieMode(mode: 'persistent' | 'non-persistent'): PostLoginApi
  }
  refreshToken: MetadataApi<PostLoginApi> & {
    revoke(reason: string): PostLoginApi
    setExpiresAt(atMs: number): PostLoginApi
    setIdleExpiresAt(atMs: number): PostLoginApi
  }
  rules: { wasExecuted(rule: string): boolean }
  prompt: { render(promptId: string, options?: Record<string, unknown>): PostLoginApi }
  samlResponse: Record<string, (...values: unknown[]) => PostLoginApi>
  groups: Record<'getUserGroups' | 'hasGroupMembership', (...values: unknown[]) => Promise<never>>
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
    deny(code: 'invalid_scope' | 'invalid_request' | 'server_error', reason?: string): CredentialsExchangeApi
  }
  accessToken: { setCustomClaim(name: string, value: unknown): CredentialsExchangeApi }
  cache: ActionCache
  transaction: {
    addTargetScope(scope: string): CredentialsExchangeApi
    removeTargetScope(scope: string): CredentialsExchangeApi
    setTargetScopes(scopes: string[]): CredentialsExchangeApi
    clearTargetScopes(): CredentialsExchangeApi
  }
}
