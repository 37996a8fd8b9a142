import { type AttributeName, type UpdateRule, attributes } from './attributes.ts'
import { type Connection, isOwnStrategy, syncsProfile } from '../context/connection.ts'

/** The connection that an identity comes from, as far as it decides what may be altered. */
export interface IdentitySource extends Pick<Connection, 'name' | 'strategy' | 'options'> {
  readonly isSocial: boolean
}

/** Attributes that stay as their connection has them, and the sentence that says so. */
export interface Held {
  readonly names: readonly AttributeName[]
  readonly message: string
}

const database = 'a database connection (using the Auth0 store)'
const passwordless = 'a passwordless connection (email or sms)'

const isHeld: Readonly<Record<UpdateRule, (source: IdentitySource) => boolean>> = {
  always: () => false,
  own: ({ strategy }) => !isOwnStrategy(strategy),
  vouched: ({ strategy, isSocial }) => strategy === 'sms' || !(isOwnStrategy(strategy) || isSocial),
  unsynced: syncsProfile,
  never: () => true,
}

/**
 * Which of these attributes an update may not set, because they are sourced from the connection; in Auth0's words.
 *
 * Source: https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export function heldAttributes(names: readonly string[], source: IdentitySource): Held | undefined {
  const held = names.filter(isAttribute).filter((name) => isHeld[attributes[name].update](source))
  if (held.length === 0) return undefined
  if (held.length === 1 && held[0] === 'email') return { names: held, message: 'Cannot update email for this user' }
  const sorted = held.toSorted()
  const orUnsynced = sorted.every((name) => attributes[name].update === 'unsynced')
  const remedy = orUnsynced
    ? `must either be ${database}, ${passwordless} or has disabled 'Sync user profile attributes at each login'`
    : `must be ${database} or ${passwordless}`
  const message = `The following user attributes cannot be updated: ${sorted.join(', ')}. The connection (${source.name}) ${remedy}.`
  return { names: sorted, message }
}

function isAttribute(name: string): name is AttributeName {
  return Object.hasOwn(attributes, name)
}
