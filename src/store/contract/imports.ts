import type { ImportError, ImportUser } from '../../profile/user/import-user.ts'
import type { Identity, User } from '../../profile/user/user.ts'

/** A user of an import file after it was read: ready to be written, or the errors it has. */
export type ImportEntry =
  | { readonly ok: true; readonly toPublicUser: () => unknown; readonly user: ReadyUser }
  | { readonly ok: false; readonly toPublicUser: () => unknown; readonly errors: readonly ImportError[] }

export interface ReadyUser {
  readonly identity: Identity
  /** Whether the file gives the id. Otherwise the id is random. */
  readonly hasOwnId: boolean
  readonly names: readonly IdentifyingName[]
  readonly attributes: Omit<ImportUser, 'user_id'>
  readonly columns: UserColumns
  readonly password: StoredPassword | undefined
}

/** The columns of a new user: checked, with JSON as text. */
export interface UserColumns {
  readonly attributes: string
  readonly [column: string]: string | boolean | null | undefined
}

/** A name that the user logs in with, as `normalizeIdentifier` returns it. */
export interface IdentifyingName {
  readonly attribute: 'email' | 'username'
  readonly normalized: string
}

/** A password as it is stored. */
export interface StoredPassword {
  readonly hash: string
  /** Null unless the hash is bcrypt. */
  readonly bcrypt_cost: number | null
}

/**
 * The result for one user of an import, in the order of the file.
 *
 * `present`: the user existed and was left unchanged; `errors` says so with Auth0's code.
 */
export type ImportResult =
  | { readonly status: 'inserted' | 'updated' }
  | { readonly status: 'present' | 'failed'; readonly errors: readonly ImportError[] }

export interface ImportOptions {
  /**
   * Whether a user who exists gets the attributes of the file. Metadata is replaced as a whole. A hash is only taken while
   * the store holds no password of its own for the user.
   */
  readonly upsert: boolean
}

/** Reads and writes thousands of users. */
export interface BulkUserStore {
  /** Up to `take` users in the order of their ids, after this id; only those of `connection` if it is given. */
  listAfter(query: { readonly after: string; readonly take: number; readonly connection?: string }): Promise<User[]>
  /** Writes users of a file in one transaction, each as a whole or not at all. The results are in the order of the entries. */
  import(entries: readonly ImportEntry[], options: ImportOptions): Promise<ImportResult[]>
}
