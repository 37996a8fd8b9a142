import type { IdentityId } from '../../../store/contract/users.ts'

/** The id within the provider; Auth0 takes it with the prefix, too. */
export function toIdentityId(provider: string, id: string): IdentityId {
  const prefix = `${provider}|`
  return { provider, user_id: id.startsWith(prefix) ? id.slice(prefix.length) : id }
}
