import type { Metadata, User } from '../../profile/user/user.ts'

/**
 * Implements `auth0` in rules. Both updates merge at the first level, as Auth0's do (`null` deletes a key), and resolve to the
 * updated user. What they throw reaches the rule as an error.
 *
 * @example
 * createEngine({ rules, users: { domain: 'login.example.com', updateAppMetadata: (id, patch) => users.merge(id, patch) } })
 */
export interface UsersPort {
  updateUserMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  updateAppMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  /** `auth0.domain`: the host name of the auth server. */
  readonly domain?: string
  /** `auth0.baseUrl`; by default `https://<domain>/api/v2`. */
  readonly baseUrl?: string
  /** `auth0.accessToken`: a token for the Management API. Asked once per login, and only if a rule mentions it. */
  accessToken?(): Promise<string>
}
