import type { IdentitySource } from '../../../profile/attributes/protected-attributes.ts'
import type { Identity, User } from '../../../profile/user/user.ts'
import type { Store } from '../../../store/contract/store.ts'
import { type ManagementError, managementError } from '../operation-result.ts'

/** The identity that an update is about. */
export interface UpdateTarget {
  readonly identity: Identity
  /** Whether it is the one that names the user: its attributes are the root's. */
  readonly isPrimary: boolean
  readonly source: IdentitySource
}

/** The user's first identity, or the one of the connection that the caller names. */
export async function resolveUpdateTarget(
  { connections }: Store,
  user: User,
  connection: string | undefined,
): Promise<UpdateTarget | ManagementError> {
  const identity = user.identities?.find((one) => connection === undefined || one.connection === connection)
  if (identity === undefined) {
    return managementError(
      400,
      'inexistent_connection',
      `The user has no identity of the connection ${String(connection)}.`,
    )
  }
  const { provider, user_id: id, isSocial = false } = identity
  // A connection without a row is one that the store was filled with; its provider says what it is.
  const connectionConfig = (await connections.getByName(identity.connection)) ?? { strategy: provider, options: {} }
  const { strategy, options } = connectionConfig
  return {
    identity,
    isPrimary: `${provider}|${id}` === user.user_id,
    source: { name: identity.connection, strategy, options, isSocial },
  }
}
