import type { Connection } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import { type Failure, fail } from '../result/result.ts'

/**
 * The connection of a login. One that nobody configured is a database, unless the user has an identity that says
 * otherwise: stores from before there were connections have users of such.
 */
export async function connectionOf(name: string, { connections }: Store, user: User = {}): Promise<Connection> {
  const configured = await connections.getByName(name)
  if (configured !== undefined) return configured
  const identity = user.identities?.find(({ connection }) => connection === name)
  return { id: `con_${name}`, name, strategy: identity?.provider ?? 'auth0', options: {} }
}

/** Undefined where the client may log users in by this connection. */
export function refusedClient({ name, enabled_clients: enabled }: Connection, client: Client): Failure | undefined {
  if (enabled === undefined || enabled.includes(client.client_id)) return undefined
  return fail('unauthorized_client', `The connection ${name} is not enabled for the client.`)
}
