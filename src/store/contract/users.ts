import type { SyncedAttribute } from '../../profile/context/connection.ts'
import type { Identity, Metadata, User } from '../../profile/user/user.ts'
import type { BulkUserStore } from './imports.ts'
import type { UserPage, UserQuery } from './user-query.ts'

/**
 * A user to create. Root attributes that have no name here are kept as they are.
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
  /** What the provider says about the user; kept in the identity. */
  readonly profileData?: Readonly<Record<string, unknown>> | undefined
  readonly email?: string | undefined
  readonly username?: string | undefined
  /** Hashed with Argon2id before it is stored; no call returns it, or its hash. */
  readonly password?: string | undefined
  /** A bcrypt or Argon2 hash from elsewhere, instead of a password. */
  readonly passwordHash?: string | undefined
  readonly user_metadata?: Metadata | undefined
  readonly app_metadata?: Metadata | undefined
  readonly [attribute: string]: unknown
}

/**
 * Changes to a user: a root attribute is set, `null` unsets it.
 *
 * Metadata is merged at its first level: `null` deletes a key, `{}` clears all.
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

/** What an identity provider vouches for. */
export interface ProviderAccount {
  readonly connection: string
  readonly provider: string
  /** The id within the provider, without its prefix. */
  readonly user_id: string
  readonly isSocial: boolean
  /** Kept in the identity, and replaced at each login. */
  readonly profileData: Readonly<Record<string, unknown>>
  /** Root attributes for a new user. */
  readonly attributes: Readonly<Pick<User, SyncedAttribute>>
  /** Whether a user who is there already gets them, too; what is not named stays. */
  readonly isSynced: boolean
}

/** Which account at which provider. */
export type IdentityId = Pick<Identity, 'provider' | 'user_id'>

/** What a database or passwordless identity that is not the user's first one has of its own. */
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
  /** Every user with this address, oldest first, whatever the connection; upper and lower case are the same. */
  findByEmail(email: string): Promise<User[]>
  /**
   * A page of the users that a search finds, or of all; of the first 1,000 results only. A store in memory does nothing
   * else meanwhile.
   *
   * @throws {ClaimsmithError} INVALID_QUERY; SEARCH_TIMEOUT when it is not done after two seconds.
   */
  list(query: UserQuery): Promise<UserPage>
  /** @throws {ClaimsmithError} STORE_CONFLICT when id, e-mail or user name is taken; INVALID_ARGUMENT on a bad attribute. */
  create(user: NewUser): Promise<User>
  /**
   * Changes a user and bumps `updated_at`. A new e-mail is unverified unless the patch says otherwise; blocking ends
   * the user's remembered logins and refresh tokens. Undefined when there is no such user.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when e-mail or user name is taken; INVALID_ARGUMENT on an attribute that
   * cannot be changed, or a bad one.
   */
  update(userId: string, patch: UserPatch): Promise<User | undefined>
  /**
   * Makes another user's identities further ones of this user: whoever logs in with them is this user from then on.
   *
   * The other user is deleted with its metadata, logins and roles; its root attributes stay in the identity's `profileData`.
   * The identities in order, or undefined when there is no such user.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT when nobody has the identity; STORE_CONFLICT when it is linked already.
   */
  link(userId: string, identity: IdentityId): Promise<Identity[] | undefined>
  /**
   * Makes an identity a user of its own again, with the root attributes that it kept, and no metadata.
   *
   * The identities that are left, or undefined when there is no such user or no such identity.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT when it is the user's first identity, which names the user.
   */
  unlink(userId: string, identity: IdentityId): Promise<Identity[] | undefined>
  /**
   * Changes a linked identity's own address, names and password. Undefined when the user has no such identity.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when e-mail or user name is taken; INVALID_ARGUMENT on a bad value.
   */
  updateIdentity(userId: string, identity: IdentityId, patch: IdentityPatch): Promise<User | undefined>
  /** The id of the user who would log in with this name. */
  findId(login: Omit<PasswordLogin, 'password'>): Promise<string | undefined>
  /** Deletes the user with its identities, passwords, remembered logins and refresh tokens. False when there was none. */
  delete(userId: string): Promise<boolean>
  /**
   * The user, when the password is right. An unknown user costs the same work as a wrong password.
   *
   * A blocked user is returned too, with `blocked: true`: the caller decides.
   */
  authenticate(login: PasswordLogin): Promise<User | undefined>
  /**
   * The user of an identity provider's account: made at the first login, afterwards brought up to date. A blocked user
   * is returned as they are; undefined when the account came from another connection before.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT on a bad attribute.
   */
  signIn(account: ProviderAccount): Promise<User | undefined>
  /** Sets `last_login` and `last_ip` and counts one login; `updated_at` stays. */
  recordLogin(
    userId: string,
    login: { readonly ip?: string | undefined; readonly atMs: number },
  ): Promise<User | undefined>
}
