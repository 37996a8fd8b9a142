import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { TokenClaims } from '../../tokens/issuer.ts'
import { type ManagementError, managementError } from './operation-result.ts'
import type { Caller, ManagementServices, Operation } from './operation.ts'
import { isForCurrentUser } from './scopes.ts'

/** Identifies the caller by the access token for `<issuer>/api/v2/` (RFC 6750). */
export async function authenticate(request: Request, services: ManagementServices): Promise<Caller | ManagementError> {
  const header = request.headers.get('authorization')
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (token === undefined) return managementError(401, undefined, 'Missing authentication', buildChallenge())
  const claims = await verifyToken(token, services)
  if (claims === undefined) return managementError(401, undefined, 'Invalid token', buildChallenge('invalid_token'))
  const { sub, scope, client_id: clientId } = claims
  if (!isClient(claims) && (await isLoginEnded(claims, services))) {
    return managementError(401, undefined, 'Invalid token', buildChallenge('invalid_token'))
  }
  return {
    sub,
    clientId: typeof clientId === 'string' ? clientId : '',
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
  }
}

/** Checks that one of the caller's scopes allows the operation; returns the caller with the scopes that apply to the path. */
export function authorize(
  caller: Caller,
  { scopes }: Pick<Operation, 'scopes'>,
  path: Readonly<Record<string, string>>,
): Caller | ManagementError {
  const applicableScopes = caller.scopes.filter((scope) => !isForCurrentUser(scope) || path['id'] === caller.sub)
  if (scopes.some((scope) => applicableScopes.includes(scope))) return { ...caller, scopes: applicableScopes }
  const message = `Insufficient scope, expected any of: ${scopes.join(',')}`
  return managementError(403, 'insufficient_scope', message, buildChallenge('insufficient_scope', scopes.join(' ')))
}

async function verifyToken(token: string, { issuer }: ManagementServices): Promise<TokenClaims | undefined> {
  try {
    return await issuer.verifyAccessToken(token, { audience: `${issuer.issuer}/api/v2/` })
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return undefined
    throw error
  }
}

function isClient({ sub }: TokenClaims): boolean {
  return sub.endsWith('@clients')
}

/** A user's token ends with its login, so also if the user is deleted or blocked. */
export async function isLoginEnded({ sub, sid }: TokenClaims, { store, clock }: ManagementServices): Promise<boolean> {
  const login = typeof sid === 'string' ? await store.logins.get(sid) : undefined
  return login === undefined || login.userId !== sub || login.expiresAtMs <= clock()
}

function buildChallenge(error?: string, scope?: string): Record<string, string> {
  const parts = [
    'Bearer realm="claimsmith"',
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
  ]
  return { 'www-authenticate': parts.join(', ') }
}
