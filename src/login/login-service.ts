import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { describeType } from '../errors/known-names.ts'
import { parseOverlay } from '../profile/overlay/overlay.ts'
import type { Client } from '../store/contract/clients.ts'
import type { EngineNetwork } from '../engine/options/engine-options.ts'
import { createAssertionVerifier } from '../tokens/assertion.ts'
import { createKeyFetch } from './tokens/create-key-fetch.ts'
import { type AssertionGrant, runAssertionGrant } from './grants/assertion-grant.ts'
import { runClientCredentialsGrant } from './grants/client-credentials-grant.ts'
import { toOAuthErrorOrRethrow } from './result/expected-exceptions.ts'
import { type LoginOptions, type LoginSettings, applyDefaults } from './options.ts'
import { type PasswordGrant, runPasswordGrant } from './grants/password-grant.ts'
import { tokeninfo, userinfo } from './tokens/userinfo.ts'
import { type RefreshGrant, runRefreshGrant } from './grants/refresh-grant.ts'
import { type ResumeLoginInput, resumeLogin } from './run/resume-login.ts'
import type { Result, TokenSet } from './result/result.ts'
import type { GrantInput } from './run/transaction.ts'

/** The flows of a login: credentials to tokens, and tokens to profiles. A client's mistake is an `OAuthError`, not an exception. */
export interface LoginService {
  authenticateClient(clientId: string, clientSecret: string): Promise<Client | undefined>
  password(grant: PasswordGrant): Promise<Result<TokenSet>>
  assertion(grant: AssertionGrant): Promise<Result<TokenSet>>
  refresh(grant: RefreshGrant): Promise<Result<TokenSet>>
  /** Resumes a login that ended in `interaction_required`. */
  resume(input: ResumeLoginInput): Promise<Result<TokenSet>>
  clientCredentials(grant: GrantInput): Promise<Result<TokenSet>>
  userinfo(accessToken: string): Promise<Result<Record<string, unknown>>>
  tokeninfo(idToken: string): Promise<Result<Record<string, unknown>>>
}

/**
 * Creates the service that runs every grant. `network` is the policy of the engine: the keys of issuers are fetched within it.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY if an expression of the overlay is wrong
 * @throws {ClaimsmithError} INVALID_ARGUMENT if `onLogin` is not a function
 */
export function createLoginService(options: LoginOptions, network: EngineNetwork = {}): LoginService {
  const { overlay, onLogin } = options
  assertCallback(onLogin)
  const settings = applyDefaults({
    ...options,
    ...(overlay === undefined ? {} : { overlay: isParsed(overlay) ? overlay : parseOverlay(overlay) }),
  })
  const { issuer } = settings.issuer
  const audiences = [issuer, new URL(issuer).href, new URL('/oauth/token', issuer).href]
  const verifier = createAssertionVerifier({ audiences, clock: settings.clock, fetchKeys: createKeyFetch(network) })
  const purgeExpired = createExpiryPurger(settings)

  async function logIn(flow: () => Promise<Result<TokenSet>>): Promise<Result<TokenSet>> {
    await purgeExpired()
    return flow().catch(toOAuthErrorOrRethrow)
  }

  return {
    authenticateClient: (clientId, clientSecret) => settings.store.clients.authenticate(clientId, clientSecret),
    password: (grant) => logIn(() => runPasswordGrant(grant, settings)),
    assertion: (grant) => logIn(() => runAssertionGrant(grant, settings, verifier)),
    refresh: (grant) => logIn(() => runRefreshGrant(grant, settings)),
    resume: (input) => logIn(() => resumeLogin(input, settings)),
    clientCredentials: (grant) => runClientCredentialsGrant(grant, settings),
    userinfo: (accessToken) => userinfo(accessToken, settings),
    tokeninfo: (idToken) => tokeninfo(idToken, settings),
  }
}

function isParsed(overlay: NonNullable<LoginOptions['overlay']>): overlay is ReturnType<typeof parseOverlay> {
  return typeof overlay['apply'] === 'function'
}

/** Exceptions of `onLogin` are ignored, so a wrong type would go unnoticed. */
function assertCallback(onLogin: unknown): void {
  if (onLogin === undefined || typeof onLogin === 'function') return
  const message = `onLogin is ${describeType(onLogin)}; a function belongs there: (login) => { … }`
  throw new ClaimsmithError('INVALID_ARGUMENT', message)
}

const purgeIntervalMs = 3_600_000

const logRetentionMs = 30 * 86_400_000

/** Deletes expired logins, expired refresh tokens and old log entries when called, at most once an hour. */
function createExpiryPurger({ store, clock }: LoginSettings): () => Promise<void> {
  let nextAtMs = -Infinity
  return async () => {
    if (clock() < nextAtMs) return
    nextAtMs = clock() + purgeIntervalMs
    // A failed purge must not fail the login that triggered it; the rest is deleted in the next hour.
    await store.logins.purgeExpired(clock()).catch(() => undefined)
    await store.loginLogs.purgeBefore(clock() - logRetentionMs).catch(() => undefined)
  }
}
