import { isDeepStrictEqual } from 'node:util'
import { type Attribute, attributes } from '../../profile/attributes/attributes.ts'
import { isOwnStrategy } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'

/** Where an attribute came from before any rule ran. */
export interface Origin {
  /** `connection`: the identity provider supplied it; `store`: it is stored with the user; `login`: it came with this login. */
  readonly source: 'connection' | 'store' | 'login'
  /** The attribute that it was read from: `app_metadata.roles` for `roles`, which rules also see at the root. */
  readonly field: string
  /** The connection of the user's first identity, if the source is `connection`. */
  readonly connection?: string
  readonly value: unknown
}

/** Finds where an attribute of a raw profile came from. The path has one name, or two within metadata. */
export function findOrigin(user: User, path: readonly string[], value: unknown): Origin {
  const [name = ''] = path
  const field = path.join('.')
  const attribute: Attribute | undefined = Object.hasOwn(attributes, name)
    ? attributes[name as keyof typeof attributes]
    : undefined
  if (attribute === undefined && isDeepStrictEqual(user.app_metadata?.[name], value)) {
    return { source: 'store', field: `app_metadata.${name}`, value }
  }
  const [identity] = user.identities ?? []
  const isFromConnection = attribute === undefined || !['always', 'never'].includes(attribute.update)
  if (identity === undefined || !isFromConnection || isOwnStrategy(identity.provider)) {
    return { source: 'store', field, value }
  }
  return { source: 'connection', field, connection: identity.connection, value }
}
