import { randomUUID } from 'node:crypto'
import { connectionOf, refusedClient } from '../run/connection.ts'
import { finishLogin } from '../run/finish.ts'
import { logLogin } from '../result/log.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, fail } from '../result/result.ts'
import { scopesOfUser } from '../tokens/scopes.ts'
import type { GrantInput } from '../run/transaction.ts'

export interface PasswordGrant extends GrantInput {
  readonly username: string
  readonly password: string
  /** The connection to look the user up in; absent with the plain `password` grant. */
  readonly realm?: string | undefined
}

/** Resource owner password, plain or with Auth0's `realm`. An unknown user and a wrong password get the same answer. */
export async function passwordGrant(grant: PasswordGrant, settings: LoginSettings): Promise<Result<TokenSet>> {
  const { client, request, username, password } = grant
  const { store, clock, issuer } = settings
  const connection = await connectionOf(grant.realm ?? settings.connection, store)
  const audience = grant.audience ?? new URL('/userinfo', issuer.issuer).href
  const scope = scopesOfUser(grant.scope, audience, issuer.issuer)
  if (!scope.ok) return scope
  const refusal = refusedClient(connection, client)
  if (refusal !== undefined) return refusal
  const known = await store.users.authenticate({ connection: connection.name, identifier: username, password })
  const attempt = { client, request, connection, audience, scope: scope.value, user: known, userName: username }
  if (known?.user_id === undefined) {
    // Looked up and logged either way: how long it takes tells nobody whether there is such a user.
    const id = await store.users.idOf({ connection: connection.name, identifier: username })
    const user = id === undefined ? undefined : { user_id: id, name: username }
    await logLogin(id === undefined ? 'fu' : 'fp', { ...attempt, user }, settings, wrongPassword.description)
    return wrongPassword
  }
  if (known.blocked === true) {
    await logLogin('f', attempt, settings, blocked.description)
    return blocked
  }
  const authenticatedAtMs = clock()
  const user = await store.users.recordLogin(known.user_id, { ip: request.ip, atMs: authenticatedAtMs })
  if (user === undefined) return wrongPassword
  const how = { id: randomUUID(), connection, protocol: 'oauth2-password', authenticatedAtMs } as const
  return finishLogin({ ...how, user, client, scope: scope.value, audience, request }, settings)
}

const blocked = fail('access_denied', 'The user is blocked.')
const wrongPassword = fail('invalid_grant', 'Wrong email or password.')
