import { randomUUID } from 'node:crypto'
import { resolveConnection, checkClientEnabled } from '../run/resolve-connection.ts'
import { finishLogin } from '../run/finish-login.ts'
import { logLogin } from '../result/log-login.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, oauthError, userBlockedError } from '../result/result.ts'
import { parseUserScopes } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface PasswordGrant extends GrantInput {
  readonly username: string
  readonly password: string
  /** The name of the user's connection; undefined with the plain `password` grant. */
  readonly realm?: string | undefined
}

/** The resource owner password grant, plain or with Auth0's `realm`. An unknown user and a wrong password get the same error. */
export async function runPasswordGrant(grant: PasswordGrant, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client, request, username, password } = grant
  const { store, clock, issuer } = settings
  const connection = await resolveConnection(grant.realm ?? settings.connection, store)
  const audience = grant.audience ?? new URL('/userinfo', issuer.issuer).href
  const scope = parseUserScopes(grant.scope, audience, issuer.issuer)
  if (!scope.ok) return scope
  const clientError = checkClientEnabled(connection, client)
  if (clientError !== undefined) return clientError
  const authenticatedUser = await store.users.authenticate({
    connection: connection.name,
    identifier: username,
    password,
  })
  const attempt = {
    client,
    request,
    connection,
    audience,
    scope: scope.value,
    user: authenticatedUser,
    userName: username,
  }
  if (authenticatedUser?.user_id === undefined) {
    // Both cases do a lookup and a log write, so that the response time does not reveal whether the user exists.
    const id = await store.users.findId({ connection: connection.name, identifier: username })
    const user = id === undefined ? undefined : { user_id: id, name: username }
    await logLogin(id === undefined ? 'fu' : 'fp', { ...attempt, user }, settings, wrongPasswordError.description)
    return wrongPasswordError
  }
  if (authenticatedUser.blocked === true) {
    await logLogin('f', attempt, settings, userBlockedError.description)
    return userBlockedError
  }
  const authenticatedAtMs = clock()
  const user = await store.users.recordLogin(authenticatedUser.user_id, { ip: request.ip, atMs: authenticatedAtMs })
  if (user === undefined) return wrongPasswordError
  const authentication = { id: randomUUID(), connection, protocol: 'oauth2-password', authenticatedAtMs } as const
  return finishLogin({ ...authentication, user, client, scope: scope.value, audience, request }, settings)
}

const wrongPasswordError = oauthError('invalid_grant', 'Wrong email or password.')
