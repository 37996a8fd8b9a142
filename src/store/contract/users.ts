import type { SyncedAttribute } from '../../profile/context/connection.ts'
import type { Identity, Metadata, User } from '../../profile/user/user.ts'
import type { BulkUserStore } from './imports.ts'
import type { UserPage, UserQuery } from './user-query.ts'

/**
 * A user to create. Root attributes that are not listed here are stored unchanged.
 *
 * The user's id becomes `provider|user_id`, and its only identity is `{ connection, provider, user_id, isSocial }`.
 */
export interface NewUser {
  readonly connection: string
  /** The strategy that prefixes the user's id. Default `auth0`, which is a database connection. */
  readonly provider?: string | undefined
  /** The id within the provider, without its prefix. Default: 24 random hexadecimal digits. */
  readonly user_id?: string | undefined
  readonly isSocial?: boolean | undefined
  /** The provider's data about the user. It is stored in the identity. */
  readonly profileData?: Readonly<Record<string, unknown>> | undefined
  readonly email?: string | undefined
  readonly username?: string | undefined
  /** Stored as an Argon2id hash. No call returns the password or its hash. */
  readonly password?: string | undefined
  /** An imported bcrypt or Argon2 hash, instead of a password. */
  readonly passwordHash?: string | undefined
  readonly user_metadata?: Metadata | undefined
  readonly app_metadata?: Metadata | undefined
  readonly [attribute: string]: unknown
}

/**
 * Changes to a user.
 *
 * - A root attribute replaces the stored one; `null` removes it.
 * - Metadata is merged at its first level: `null` deletes a key, `{}` clears all.
 */
export interface UserPatch {
  readonly email?: string | null | undefined
  readonly username?: string | null | undefined
  readonly blocked?: boolean | null | undefined
  readonly password?: string | undefined
  readonly passwordHash?: string | undefined
  readonly user_metadata?: Metadata | null | undefined
  readonly app_metadata?: Metadata | null | undefined
  readonly [attribute: string]: unknown
}

export interface PasswordLogin {
  readonly connection: string
  /** An e-mail address or a user name, in any case. */
  readonly identifier: string
  readonly password: string
}

/** A user's account as an identity provider describes it. */
export interface ProviderAccount {
  readonly connection: string
  readonly provider: string
  /** The id within the provider, without its prefix. */
  readonly user_id: string
  readonly isSocial: boolean
  /** Stored in the identity, and replaced at each login. */
  readonly profileData: Readonly<Record<string, unknown>>
  /** Root attributes for a new user. */
  readonly attributes: Readonly<Pick<User, SyncedAttribute>>
  /** Whether an existing user gets the attributes too. Attributes that are absent stay unchanged. */
  readonly isSynced: boolean
}

/** The key of an identity: the account at its provider. */
export type IdentityId = Pick<Identity, 'provider' | 'user_id'>

/** Changes to a linked database or passwordless identity. `null` removes an attribute. */
export interface IdentityPatch {
  readonly email?: string | null | undefined
  readonly email_verified?: boolean | undefined
  readonly username?: string | null | undefined
  readonly phone_number?: string | null | undefined
  readonly phone_verified?: boolean | undefined
  readonly password?: string | undefined
}

export interface UserStore extends BulkUserStore {
  get(userId: string): Promise<User | undefined>
  /** Every user with this address, in any connection, oldest first. Case is ignored. */
  findByEmail(email: string): Promise<User[]>
  /**
   * A page of the users that match a search, or of all users. Only the first 1,000 results can be paged through.
   *
   * A search in a `memory:` store blocks the event loop.
   *
   * @throws {ClaimsmithError} INVALID_QUERY if the search is malformed; SEARCH_TIMEOUT if it takes more than two seconds.
   */
  list(query: UserQuery): Promise<UserPage>
  /** @throws {ClaimsmithError} STORE_CONFLICT if the id, e-mail or user name is taken; INVALID_ARGUMENT if an attribute is malformed. */
  create(user: NewUser): Promise<User>
  /**
   * Changes a user and sets `updated_at`. Undefined if there is no such user.
   *
   * - A new e-mail is unverified unless the patch says otherwise.
   * - Blocking deletes the user's logins, refresh tokens and suspended logins.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if the e-mail or user name is taken; INVALID_ARGUMENT if an attribute is
   * malformed or cannot be changed.
   */
  update(userId: string, patch: UserPatch): Promise<User | undefined>
  /**
   * Moves the identities of a second user to this user. A login with any of them is then a login of this user.
   *
   * - The second user is deleted with their metadata, logins and roles.
   * - Their root attributes stay in the identity's `profileData`.
   * - Returns the identities in order, or undefined if there is no such user.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if the identity does not exist; STORE_CONFLICT if it is linked already.
   */
  link(userId: string, identity: IdentityId): Promise<Identity[] | undefined>
  /**
   * Turns an identity into a separate user again, with the root attributes from its `profileData` and no metadata.
   *
   * Returns the remaining identities, or undefined if there is no such user or no such identity.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if it is the user's primary identity, which names the user.
   */
  unlink(userId: string, identity: IdentityId): Promise<Identity[] | undefined>
  /**
   * Changes a linked identity's address, names and password. Undefined if the user has no such identity.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if the e-mail or user name is taken; INVALID_ARGUMENT if a value is malformed.
   */
  updateIdentity(userId: string, identity: IdentityId, patch: IdentityPatch): Promise<User | undefined>
  /** The id of the user who logs in with this name. */
  findId(login: Omit<PasswordLogin, 'password'>): Promise<string | undefined>
  /** Deletes the user with their identities, passwords, logins and refresh tokens. False if there is no such user. */
  delete(userId: string): Promise<boolean>
  /**
   * The user if the password is right. An unknown user costs the same work as a wrong password.
   *
   * A blocked user is returned too, with `blocked: true`; the caller decides.
   */
  authenticate(login: PasswordLogin): Promise<User | undefined>
  /**
   * The user of an account at an identity provider. The first login creates the user, later logins update them.
   *
   * - A blocked user is returned unchanged.
   * - Undefined if the account belongs to another connection.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if an attribute is malformed.
   */
  signIn(account: ProviderAccount): Promise<User | undefined>
  /** Sets `last_login` and `last_ip` and counts one login. `updated_at` stays unchanged. */
  recordLogin(
    userId: string,
    login: { readonly ip?: string | undefined; readonly atMs: number },
  ): Promise<User | undefined>
}
