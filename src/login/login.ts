import { parseOverlay } from '../profile/overlay/overlay.ts'
import type { Client } from '../store/contract/clients.ts'
import { createAssertionVerifier } from '../tokens/assertion.ts'
import { type AssertionGrant, assertionGrant } from './grants/assertion-grant.ts'
import { clientCredentialsGrant } from './grants/client-credentials-grant.ts'
import { failureOf } from './result/failures.ts'
import { type LoginOptions, withDefaults } from './options.ts'
import { type PasswordGrant, passwordGrant } from './grants/password-grant.ts'
import { tokeninfo, userinfo } from './tokens/profile-of-token.ts'
import { type RefreshGrant, refreshGrant } from './grants/refresh-grant.ts'
import { type ResumeLogin, resumeLogin } from './run/resume-login.ts'
import type { Result, TokenSet } from './result/result.ts'
import { createSweep } from './sweep.ts'
import type { GrantInput } from './run/transaction.ts'

/** The flows of a login, from credentials to tokens and from tokens to profiles. What a client does wrong is a value. */
export interface Login {
  authenticateClient(clientId: string, clientSecret: string): Promise<Client | undefined>
  password(grant: PasswordGrant): Promise<Result<TokenSet>>
  assertion(grant: AssertionGrant): Promise<Result<TokenSet>>
  refresh(grant: RefreshGrant): Promise<Result<TokenSet>>
  /** Goes on with a login that ended in `interaction_required`. */
  resume(back: ResumeLogin): Promise<Result<TokenSet>>
  clientCredentials(grant: GrantInput): Promise<Result<TokenSet>>
  userinfo(accessToken: string): Promise<Result<Record<string, unknown>>>
  tokeninfo(idToken: string): Promise<Result<Record<string, unknown>>>
}

/** @throws {ClaimsmithError} INVALID_OVERLAY where an expression of the overlay is wrong */
export function createLogin(options: LoginOptions): Login {
  const { overlay } = options
  const settings = withDefaults({
    ...options,
    ...(overlay === undefined ? {} : { overlay: isParsed(overlay) ? overlay : parseOverlay(overlay) }),
  })
  const { issuer } = settings.issuer
  const audiences = [issuer, new URL(issuer).href, new URL('/oauth/token', issuer).href]
  const verifier = createAssertionVerifier({ audiences, clock: settings.clock })
  const sweep = createSweep(settings)

  async function logIn(flow: () => Promise<Result<TokenSet>>): Promise<Result<TokenSet>> {
    await sweep()
    return flow().catch(failureOf)
  }

  return {
    authenticateClient: (clientId, clientSecret) => settings.store.clients.authenticate(clientId, clientSecret),
    password: (grant) => logIn(() => passwordGrant(grant, settings)),
    assertion: (grant) => logIn(() => assertionGrant(grant, settings, verifier)),
    refresh: (grant) => logIn(() => refreshGrant(grant, settings)),
    resume: (back) => logIn(() => resumeLogin(back, settings)),
    clientCredentials: (grant) => clientCredentialsGrant(grant, settings),
    userinfo: (accessToken) => userinfo(accessToken, settings),
    tokeninfo: (idToken) => tokeninfo(idToken, settings),
  }
}

function isParsed(overlay: NonNullable<LoginOptions['overlay']>): overlay is ReturnType<typeof parseOverlay> {
  return typeof overlay['apply'] === 'function'
}
