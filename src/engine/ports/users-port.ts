import type { Metadata, User } from '../../profile/user/user.ts'

/**
 * What stands behind `auth0` in a rule: the embedder's own users. Both updates merge at the first level, as Auth0 does
 * (`null` deletes a key), and answer with the user as it is then. What they throw reaches the rule as an error.
 */
export interface UsersPort {
  updateUserMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  updateAppMetadata?(userId: string, metadata: Metadata): Promise<User | undefined | void>
  /** `auth0.domain`: the host name of the auth server. */
  readonly domain?: string
  /** `auth0.baseUrl`; by default `https://<domain>/api/v2`. */
  readonly baseUrl?: string
  /** `auth0.accessToken`: a token for the Management API. Asked once a login, and only where a rule mentions it. */
  accessToken?(): Promise<string>
}
