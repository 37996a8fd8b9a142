import { randomUUID } from 'node:crypto'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type Connection, isOwnStrategy } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Store } from '../../store/contract/store.ts'
import type { ProviderAccount } from '../../store/contract/users.ts'
import { type AssertionClaims, type AssertionVerifier, decodeIssuer } from '../../tokens/assertion.ts'
import { leewaySeconds } from '../../tokens/verify.ts'
import { toProviderAccount } from './to-provider-account.ts'
import { checkClientEnabled } from '../run/resolve-connection.ts'
import { finishLogin } from '../run/finish-login.ts'
import { logLogin } from '../result/log-login.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, oauthError, succeed, userBlockedError } from '../result/result.ts'
import { parseUserScopes } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface AssertionGrant extends GrantInput {
  /** A JWT about a user, signed by the issuer of a connection. */
  readonly assertion: string
}

interface VerifiedAssertion {
  readonly connection: Connection
  readonly claims: AssertionClaims
}

/** Logs in the subject of an identity provider's assertion (RFC 7523, 2.1): creates or updates the user, then runs the rules. */
export async function runAssertionGrant(
  grant: AssertionGrant,
  settings: LoginSettings,
  verifier: AssertionVerifier,
): Promise<Result<TokenSet>> {
  const { client, request } = grant
  const { store, clock, issuer } = settings
  const audience = grant.audience ?? new URL('/userinfo', issuer.issuer).href
  const scope = parseUserScopes(grant.scope, audience, issuer.issuer)
  if (!scope.ok) return scope
  const verification = await verifyAssertion(grant.assertion, settings, verifier)
  if (!verification.ok) return verification
  const { connection, claims } = verification.value
  const clientError = checkClientEnabled(connection, client)
  if (clientError !== undefined) return clientError
  const account = toProviderAccount(claims, connection)
  if (account === undefined)
    return createAssertionError('its "sub" is too long or has a space, or its claims are too deep')
  if (!(await isFirstUse(claims, connection, settings))) return createAssertionError('it was used before')
  const signInResult = await signInAccount(account, store)
  if (!signInResult.ok) return signInResult
  if (signInResult.value.blocked === true) {
    await logLogin(
      'f',
      { client, request, connection, audience, user: signInResult.value },
      settings,
      userBlockedError.description,
    )
    return userBlockedError
  }
  const authenticatedAtMs = clock()
  const user = await store.users.recordLogin(signInResult.value.user_id ?? '', {
    ip: request.ip,
    atMs: authenticatedAtMs,
  })
  if (user === undefined) return createAssertionError('its user was deleted just now')
  const authentication = { id: randomUUID(), protocol: 'oauth2-resource-owner-jwt-bearer', authenticatedAtMs } as const
  return finishLogin({ ...authentication, user, client, connection, scope: scope.value, audience, request }, settings)
}

/** The assertion's `iss` selects the connection; only connections with an issuer and keys take part. */
async function verifyAssertion(
  assertion: string,
  { store }: LoginSettings,
  verifier: AssertionVerifier,
): Promise<Result<VerifiedAssertion>> {
  try {
    const issuer = decodeIssuer(assertion)
    const candidates = await store.connections.findByIssuer(issuer)
    const [connection, ...others] = candidates.filter(canAcceptAssertions)
    if (connection === undefined) return createAssertionError('its issuer is not that of a connection with keys')
    if (others.length > 0) return createAssertionError('its issuer is that of several connections')
    const { jwks, jwks_uri: jwksUri } = connection.options
    return succeed({ connection, claims: await verifier.verify(assertion, issuer, { jwks, jwksUri }) })
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN')
      return oauthError('invalid_grant', error.message)
    throw error
  }
}

/** A database authenticates its users itself, so that no assertion is accepted for it. */
function canAcceptAssertions({ strategy, options }: Connection): boolean {
  return !isOwnStrategy(strategy) && (options.jwks ?? options.jwks_uri) !== undefined
}

/** An assertion with a `jti` works once. The `jti` is kept until `exp` has passed on the slowest tolerated clock. */
async function isFirstUse({ jti, exp }: AssertionClaims, { id }: Connection, { store }: LoginSettings) {
  if (jti === undefined) return true
  const expiresAtMs = (exp + leewaySeconds) * 1_000
  return await store.connections.useAssertion({ connectionId: id, jti, expiresAtMs })
}

/** The claims are the provider's: if the store rejects them, the assertion is invalid. */
async function signInAccount(account: ProviderAccount, { users }: Store): Promise<Result<User>> {
  try {
    const user = await users.signIn(account)
    return user === undefined ? createAssertionError('its user came from another connection before') : succeed(user)
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_ARGUMENT') {
      return createAssertionError('its claims hold a value that the store cannot keep')
    }
    throw error
  }
}

function createAssertionError(reason: string): Result<never> {
  return oauthError('invalid_grant', `The assertion is not accepted: ${reason}.`)
}
