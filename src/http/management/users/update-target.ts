import type { IdentitySource } from '../../../profile/attributes/protected-attributes.ts'
import type { Identity, User } from '../../../profile/user/user.ts'
import type { Store } from '../../../store/contract/store.ts'
import { type ManagementError, managementError } from '../operation-result.ts'

/** The identity that an update changes. */
export interface UpdateTarget {
  readonly identity: Identity
  /** Whether the user has its id; its attributes are those of the root. */
  readonly isPrimary: boolean
  readonly source: IdentitySource
}

/** Finds the identity of the given connection, or the first one. */
export async function resolveUpdateTarget(
  { connections }: Store,
  user: User,
  connection: string | undefined,
): Promise<UpdateTarget | ManagementError> {
  const identity = user.identities?.find((candidate) => connection === undefined || candidate.connection === connection)
  if (identity === undefined) {
    return managementError(
      400,
      'inexistent_connection',
      `The user has no identity of the connection ${String(connection)}.`,
    )
  }
  const { provider, user_id: id, isSocial = false } = identity
  // Users may have been written to the store without their connection; its provider is then its strategy.
  const connectionConfig = (await connections.getByName(identity.connection)) ?? { strategy: provider, options: {} }
  const { strategy, options } = connectionConfig
  return {
    identity,
    isPrimary: `${provider}|${id}` === user.user_id,
    source: { name: identity.connection, strategy, options, isSocial },
  }
}
