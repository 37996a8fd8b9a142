import { type AttributeName, type UpdateRule, attributes } from './attributes.ts'
import { type Connection, isOwnStrategy, isProfileSynced } from '../context/connection.ts'

/** The connection of an identity: the members that decide which attributes may change. */
export interface IdentitySource extends Pick<Connection, 'name' | 'strategy' | 'options'> {
  readonly isSocial: boolean
}

/** Attributes that an update may not set, and the error message. */
export interface ProtectedAttributes {
  readonly names: readonly AttributeName[]
  readonly message: string
}

const databaseText = 'a database connection (using the Auth0 store)'
const passwordlessText = 'a passwordless connection (email or sms)'

const isProtected: Readonly<Record<UpdateRule, (source: IdentitySource) => boolean>> = {
  always: () => false,
  'database-or-passwordless': ({ strategy }) => !isOwnStrategy(strategy),
  'database-email-or-social': ({ strategy, isSocial }) => strategy === 'sms' || !(isOwnStrategy(strategy) || isSocial),
  'unless-synced': isProfileSynced,
  never: () => true,
}

/**
 * Finds the attributes that an update may not set, because they are sourced from the connection. The message is Auth0's.
 *
 * Source: https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export function findProtectedAttributes(
  names: readonly string[],
  source: IdentitySource,
): ProtectedAttributes | undefined {
  const protectedNames = names.filter(isAttribute).filter((name) => isProtected[attributes[name].update](source))
  if (protectedNames.length === 0) return undefined
  if (protectedNames.length === 1 && protectedNames[0] === 'email')
    return { names: protectedNames, message: 'Cannot update email for this user' }
  const sorted = protectedNames.toSorted()
  const isAllUnsynced = sorted.every((name) => attributes[name].update === 'unless-synced')
  const remedy = isAllUnsynced
    ? `must either be ${databaseText}, ${passwordlessText} or has disabled 'Sync user profile attributes at each login'`
    : `must be ${databaseText} or ${passwordlessText}`
  const message = `The following user attributes cannot be updated: ${sorted.join(', ')}. The connection (${source.name}) ${remedy}.`
  return { names: sorted, message }
}

function isAttribute(name: string): name is AttributeName {
  return Object.hasOwn(attributes, name)
}
