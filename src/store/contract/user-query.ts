import type { User } from '../../profile/user/user.ts'

/** The users to list, and their order. */
export interface UserQuery {
  /** A search in Lucene syntax. Default: every user. */
  readonly q?: string | undefined
  /** The page, from 0. Default 0. */
  readonly page?: number | undefined
  /** The number of users on a page, at most 100. Default 50. */
  readonly perPage?: number | undefined
  /** A root attribute, not metadata. Users without it come last. Default: by creation time. */
  readonly sort?: { readonly field: string; readonly descending: boolean } | undefined
  /** Whether to count all users that match. */
  readonly includeTotals?: boolean | undefined
  /** If false and there is no `sort`, the database chooses the order. Default true. */
  readonly primaryOrder?: boolean | undefined
}

/** One page of the users that match. */
export interface UserPage {
  readonly users: User[]
  /** The number of users on earlier pages. */
  readonly start: number
  readonly limit: number
  readonly length: number
  /** The number of users on all pages, if `includeTotals`. */
  readonly total?: number
}
