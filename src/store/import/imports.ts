import type { Insertable } from 'kysely'
import type { ImportError, ImportUser } from '../../profile/user/import-user.ts'
import type { Identity, User } from '../../profile/user/user.ts'
import type { StoredPassword } from '../passwords/passwords.ts'
import type { UsersTable } from '../sql/database/tables.ts'

/** A user of an import, read and checked: ready to be written, or what is wrong with it. */
export type ImportEntry =
  | { readonly ok: true; readonly toPublicUser: () => unknown; readonly user: ReadyUser }
  | { readonly ok: false; readonly toPublicUser: () => unknown; readonly errors: readonly ImportError[] }

export interface ReadyUser {
  readonly identity: Identity
  /** Whether the file says it; otherwise it was drawn. */
  readonly hasOwnId: boolean
  readonly names: readonly IdentifyingName[]
  readonly attributes: Omit<ImportUser, 'user_id'>
  readonly row: Omit<Insertable<UsersTable>, 'user_id' | 'created_at' | 'updated_at' | 'logins_count'>
  readonly password: StoredPassword | undefined
}

/** What the user logs in with, in one spelling. */
export interface IdentifyingName {
  readonly attribute: 'email' | 'username'
  readonly normalized: string
}

/**
 * What became of a user of an import, in the order of the file.
 *
 * `present`: the user was there already, and was left as it is; `errors` says so in Auth0's words.
 */
export type ImportResult =
  | { readonly status: 'inserted' | 'updated' }
  | { readonly status: 'present' | 'failed'; readonly errors: readonly ImportError[] }

export interface ImportOptions {
  /**
   * Whether a user who is there gets the attributes given; metadata is replaced whole, and a hash only while the store
   * holds no password of its own for the user.
   */
  readonly upsert: boolean
}

/** Users by the thousand. */
export interface BulkUserStore {
  /** Up to `take` users in the order of their ids, after this one; of one connection, where it is named. */
  listAfter(query: { readonly after: string; readonly take: number; readonly connection?: string }): Promise<User[]>
  /** Writes users of a file, each whole or not at all, in one transaction; the results are in their order. */
  import(entries: readonly ImportEntry[], options: ImportOptions): Promise<ImportResult[]>
}
