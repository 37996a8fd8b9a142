import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { parseOverlay } from '../profile/overlay.ts'
import type { Client } from '../store/store.ts'
import { clientCredentialsGrant } from './client-credentials-grant.ts'
import { type LoginOptions, withDefaults } from './options.ts'
import { type PasswordGrant, passwordGrant } from './password-grant.ts'
import { tokeninfo, userinfo } from './profile-of-token.ts'
import { type RefreshGrant, refreshGrant } from './refresh-grant.ts'
import { type Failure, type Result, type TokenSet, fail } from './result.ts'
import { createSweep } from './sweep.ts'
import type { GrantInput } from './transaction.ts'

/** The flows of a login, from credentials to tokens and from tokens to profiles. What a client does wrong is a value. */
export interface Login {
  authenticateClient(clientId: string, clientSecret: string): Promise<Client | undefined>
  password(grant: PasswordGrant): Promise<Result<TokenSet>>
  refresh(grant: RefreshGrant): Promise<Result<TokenSet>>
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
  const sweep = createSweep(settings)

  async function logIn(flow: () => Promise<Result<TokenSet>>): Promise<Result<TokenSet>> {
    await sweep()
    return flow().catch(failureOf)
  }

  return {
    authenticateClient: (clientId, clientSecret) => settings.store.clients.authenticate(clientId, clientSecret),
    password: (grant) => logIn(() => passwordGrant(grant, settings)),
    refresh: (grant) => logIn(() => refreshGrant(grant, settings)),
    clientCredentials: (grant) => clientCredentialsGrant(grant, settings),
    userinfo: (accessToken) => userinfo(accessToken, settings),
    tokeninfo: (idToken) => tokeninfo(idToken, settings),
  }
}

function isParsed(overlay: NonNullable<LoginOptions['overlay']>): overlay is ReturnType<typeof parseOverlay> {
  return typeof overlay['apply'] === 'function'
}

/** The exceptions that are no fault of ours. */
const failures: Partial<Record<ErrorCode, (error: ClaimsmithError) => Failure>> = {
  // The rules put claims there that do not fit, so they fail the login, as in Auth0.
  TOKEN_TOO_LARGE: ({ message }) => fail('server_error', message),
  STORE_CONFLICT: () => fail('invalid_grant', 'The user was deleted or logged out while logging in.'),
}

function failureOf(error: unknown): Failure {
  const failure = error instanceof ClaimsmithError ? failures[error.code]?.(error) : undefined
  if (failure === undefined) throw error
  return failure
}
