import type { Connection } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import { type OAuthError, oauthError } from '../result/result.ts'

/**
 * The connection of a login. One that nobody configured is a database, unless the user has an identity that says
 * otherwise: stores from before there were connections have users of such.
 */
export async function resolveConnection(name: string, { connections }: Store, user: User = {}): Promise<Connection> {
  const connection = await connections.getByName(name)
  if (connection !== undefined) return connection
  const identity = user.identities?.find((candidate) => candidate.connection === name)
  return { id: `con_${name}`, name, strategy: identity?.provider ?? 'auth0', options: {} }
}

/** Undefined where the client may log users in by this connection. */
export function checkClientEnabled(
  { name, enabled_clients: enabledClients }: Connection,
  client: Client,
): OAuthError | undefined {
  if (enabledClients === undefined || enabledClients.includes(client.client_id)) return undefined
  return oauthError('unauthorized_client', `The connection ${name} is not enabled for the client.`)
}
