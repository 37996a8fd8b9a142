import { isDeepStrictEqual } from 'node:util'
import { type Attribute, attributes } from '../../profile/attributes/attributes.ts'
import { isOwnStrategy } from '../../profile/context/connection.ts'
import type { User } from '../../profile/user/user.ts'

/** Where an attribute came from before any rule ran. */
export interface Origin {
  /** `connection`: the identity provider says so; `store`: it is kept with the user; `login`: this login brought it. */
  readonly source: 'connection' | 'store' | 'login'
  /** The attribute it was read from: `app_metadata.roles` for `roles`, which rules see at the root, too. */
  readonly field: string
  /** The connection of the user's own identity, with `connection` as the source. */
  readonly connection?: string
  readonly value: unknown
}

/** Where a raw profile has an attribute from; `path` is its name, or two of them within metadata. */
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
