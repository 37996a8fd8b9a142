import type { Metadata, User } from '../profile/user.ts'

/** Where users, clients, remembered logins and signing keys are kept: one contract, whatever database is behind it. */
export interface Store {
  readonly users: UserStore
  readonly clients: ClientStore
  readonly logins: LoginStore
  readonly keys: KeyStore
  /** Ends the connections. Every later call fails with STORE_FAILED. */
  close(): Promise<void>
}

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

export interface UserStore {
  get(userId: string): Promise<User | undefined>
  /** Every user with this address, oldest first, whatever the connection; upper and lower case are the same. */
  findByEmail(email: string): Promise<User[]>
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
  /** Deletes the user with its identities, passwords, remembered logins and refresh tokens. False when there was none. */
  delete(userId: string): Promise<boolean>
  /**
   * The user, when the password is right. An unknown user costs the same work as a wrong password.
   *
   * A blocked user is returned too, with `blocked: true`: the caller decides.
   */
  authenticate(login: PasswordLogin): Promise<User | undefined>
  /** Sets `last_login` and `last_ip` and counts one login; `updated_at` stays. */
  recordLogin(
    userId: string,
    login: { readonly ip?: string | undefined; readonly atMs: number },
  ): Promise<User | undefined>
}

export interface Client {
  readonly client_id: string
  readonly name: string
  readonly grant_types: readonly string[]
  readonly redirect_uris?: readonly string[] | undefined
  readonly client_metadata?: Readonly<Record<string, string>> | undefined
  /** What client_credentials may ask of `audience`. */
  readonly scopes?: readonly string[] | undefined
  readonly audience?: string | undefined
}

export interface ClientStore {
  get(clientId: string): Promise<Client | undefined>
  /**
   * Keeps a client, and its secret as a SHA-256 hash: use a random secret of 128 bits or more.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when the client_id is taken.
   */
  create(client: Client & { readonly client_secret: string }): Promise<Client>
  /** The client, when the secret is right; compared in constant time. */
  authenticate(clientId: string, clientSecret: string): Promise<Client | undefined>
}

/** What one login left behind: the enriched profile that /userinfo shows until the login's tokens end. */
export interface RememberedLogin {
  readonly id: string
  readonly userId: string
  readonly clientId: string
  readonly connection: string
  readonly scope: string
  readonly audience: string
  /** The enriched profile. It comes back as JSON does: dates as ISO strings, nothing that is undefined. */
  readonly user: User
  readonly idTokenClaims: Readonly<Record<string, unknown>>
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export interface RefreshToken {
  /** SHA-256 of the token; the token itself never reaches the store. */
  readonly tokenHash: string
  readonly loginId: string
  readonly userId: string
  readonly clientId: string
  readonly connection: string
  readonly scope: string
  readonly audience: string
  readonly expiresAtMs: number
}

export interface LoginStore {
  /** Remembers a login; one with the same id is replaced. @throws {ClaimsmithError} STORE_CONFLICT when the user is gone. */
  remember(login: RememberedLogin): Promise<void>
  /** The login as remembered. The caller compares `expiresAtMs` with its own clock. */
  get(id: string): Promise<RememberedLogin | undefined>
  /** Deletes one login and its refresh tokens. */
  forget(id: string): Promise<boolean>
  /** Deletes the logins and refresh tokens that ended before `nowMs`; says how many. */
  forgetExpired(nowMs: number): Promise<number>
  /** @throws {ClaimsmithError} STORE_CONFLICT when the login is not remembered any more. */
  saveRefreshToken(token: RefreshToken): Promise<void>
  /**
   * Takes a refresh token out of use and returns it; of several callers at once, one gets it.
   *
   * Taken a second time, it ends every refresh token of its login: somebody holds a copy (RFC 9700, 4.14.2).
   * The caller compares `expiresAtMs` with its own clock.
   */
  takeRefreshToken(tokenHash: string): Promise<RefreshToken | undefined>
}

/** A private JWK. */
export type StoredKey = Readonly<Record<string, unknown>>

export interface KeyStore {
  /** The keys, newest first, in the order in which they were saved. */
  load(): Promise<StoredKey[]>
  /** Saves the keys unless there are some already, and returns those that count: safe when several processes start at once. */
  initialise(keys: readonly StoredKey[]): Promise<StoredKey[]>
  /** Replaces all keys, whole. */
  save(keys: readonly StoredKey[]): Promise<void>
}
