import { randomUUID } from 'node:crypto'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type Connection, isOwnStrategy } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { ProviderAccount, Store } from '../../store/contract/store.ts'
import { type AssertionClaims, type AssertionVerifier, issuerOfAssertion } from '../../tokens/assertion.ts'
import { leewaySeconds } from '../../tokens/verify.ts'
import { accountOf } from './account-of-assertion.ts'
import { refusedClient } from '../run/connection.ts'
import { finishLogin } from '../run/finish.ts'
import { logLogin } from '../result/log.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, fail, succeed } from '../result/result.ts'
import { scopesOfUser } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface AssertionGrant extends GrantInput {
  /** A JWT that the issuer of a connection signed about its user. */
  readonly assertion: string
}

interface Verified {
  readonly connection: Connection
  readonly claims: AssertionClaims
}

/** A login by what an identity provider says (RFC 7523, 2.1): its user is made or brought up to date, then the rules run. */
export async function assertionGrant(
  grant: AssertionGrant,
  settings: LoginSettings,
  verifier: AssertionVerifier,
): Promise<Result<TokenSet>> {
  const { client, request } = grant
  const { store, clock, issuer } = settings
  const audience = grant.audience ?? new URL('/userinfo', issuer.issuer).href
  const scope = scopesOfUser(grant.scope, audience, issuer.issuer)
  if (!scope.ok) return scope
  const verified = await verify(grant.assertion, settings, verifier)
  if (!verified.ok) return verified
  const { connection, claims } = verified.value
  const refusal = refusedClient(connection, client)
  if (refusal !== undefined) return refusal
  const account = accountOf(claims, connection)
  if (account === undefined) return refused('its "sub" is too long or has a space, or its claims are too deep')
  if (!(await isFirstUse(claims, connection, settings))) return refused('it was used before')
  const known = await signIn(account, store)
  if (!known.ok) return known
  if (known.value.blocked === true) {
    await logLogin('f', { client, request, connection, audience, user: known.value }, settings, blocked.description)
    return blocked
  }
  const authenticatedAtMs = clock()
  const user = await store.users.recordLogin(known.value.user_id ?? '', { ip: request.ip, atMs: authenticatedAtMs })
  if (user === undefined) return refused('its user was deleted just now')
  const how = { id: randomUUID(), protocol: 'oauth2-resource-owner-jwt-bearer', authenticatedAtMs } as const
  return finishLogin({ ...how, user, client, connection, scope: scope.value, audience, request }, settings)
}

/** Only connections with an issuer and keys log users in this way; the assertion's `iss` says which. */
async function verify(
  assertion: string,
  { store }: LoginSettings,
  verifier: AssertionVerifier,
): Promise<Result<Verified>> {
  try {
    const issuer = issuerOfAssertion(assertion)
    const known = await store.connections.findByIssuer(issuer)
    const [connection, ...others] = known.filter(takesAssertions)
    if (connection === undefined) return refused('its issuer is not that of a connection with keys')
    if (others.length > 0) return refused('its issuer is that of several connections')
    const { jwks, jwks_uri: jwksUri } = connection.options
    return succeed({ connection, claims: await verifier.verify(assertion, issuer, { jwks, jwksUri }) })
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return fail('invalid_grant', error.message)
    throw error
  }
}

/** A database has its own users: nobody else vouches for them. */
function takesAssertions({ strategy, options }: Connection): boolean {
  return !isOwnStrategy(strategy) && (options.jwks ?? options.jwks_uri) !== undefined
}

/** An assertion with a `jti` works once; it is remembered as long as a slow clock could still take it. */
async function isFirstUse({ jti, exp }: AssertionClaims, { id }: Connection, { store }: LoginSettings) {
  if (jti === undefined) return true
  const expiresAtMs = (exp + leewaySeconds) * 1_000
  return await store.connections.useAssertion({ connectionId: id, jti, expiresAtMs })
}

/** The claims are the provider's: what the store does not take is the assertion's fault. */
async function signIn(account: ProviderAccount, { users }: Store): Promise<Result<User>> {
  try {
    const user = await users.signIn(account)
    return user === undefined ? refused('its user came from another connection before') : succeed(user)
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_ARGUMENT') {
      return refused('its claims hold what cannot be kept')
    }
    throw error
  }
}

const blocked = fail('access_denied', 'The user is blocked.')

function refused(why: string): Result<never> {
  return fail('invalid_grant', `The assertion was refused: ${why}.`)
}
