import type { Identity, User } from '../../../profile/user/user.ts'
import type { Caller } from '../operation.ts'
import { type FieldSelection, selectFields } from './fields.ts'

/** Tokens of the identity provider, which allow their holder to act as the user there. */
const providerTokens: readonly string[] = ['access_token', 'access_token_secret', 'refresh_token']

/** Maps a user to the members that this caller may see and the query selects. */
export function toUserResponse(user: User, caller: Caller, selection: FieldSelection = {}): Record<string, unknown> {
  const { identities } = user
  const profile = identities === undefined ? user : { ...user, identities: toIdentitiesResponse(identities, caller) }
  return selectFields(profile, selection)
}

export function toIdentitiesResponse(identities: readonly Identity[], caller: Caller): readonly object[] {
  if (caller.scopes.includes('read:user_idp_tokens')) return identities
  return identities.map((identity) =>
    Object.fromEntries(Object.entries(identity).filter(([name]) => !providerTokens.includes(name))),
  )
}
