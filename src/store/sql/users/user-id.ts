import type { IdentityId } from '../../contract/users.ts'

/** The id of the user whose primary identity this is: `provider|id`. */
export function formatUserId({ provider, user_id: id }: IdentityId): string {
  return `${provider}|${id}`
}

/** The primary identity of a user: the one that the user's id names. */
export function parseUserId(userId: string): IdentityId {
  const separator = userId.indexOf('|')
  return { provider: userId.slice(0, Math.max(separator, 0)), user_id: userId.slice(separator + 1) }
}
