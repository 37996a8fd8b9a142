import type { Connection } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import { type OAuthError, oauthError } from '../result/result.ts'

/**
 * Finds the connection of a login. Stores from before there were connections have users without one: such a connection
 * has the provider of the user's identity as its strategy, or is a database.
 */
export async function resolveConnection(name: string, { connections }: Store, user: User = {}): Promise<Connection> {
  const connection = await connections.getByName(name)
  if (connection !== undefined) return connection
  const identity = user.identities?.find((candidate) => candidate.connection === name)
  return { id: `con_${name}`, name, strategy: identity?.provider ?? 'auth0', options: {} }
}

/** Returns undefined if the client may use the connection. */
export function checkClientEnabled(
  { name, enabled_clients: enabledClients }: Connection,
  client: Client,
): OAuthError | undefined {
  if (enabledClients === undefined || enabledClients.includes(client.client_id)) return undefined
  return oauthError('unauthorized_client', `The connection ${name} is not enabled for the client.`)
}
