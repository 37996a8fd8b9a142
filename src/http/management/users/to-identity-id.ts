import type { IdentityId } from '../../../store/contract/users.ts'

/** Maps an id to the one within the provider. Auth0 accepts it with and without the prefix. */
export function toIdentityId(provider: string, id: string): IdentityId {
  const prefix = `${provider}|`
  return { provider, user_id: id.startsWith(prefix) ? id.slice(prefix.length) : id }
}
