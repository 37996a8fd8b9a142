import type { User } from '../../profile/user/user.ts'

/** Which users to list, and in which order. */
export interface UserQuery {
  /** A search in Lucene syntax; every user when there is none. */
  readonly q?: string | undefined
  /** Which page, from 0. Default 0. */
  readonly page?: number | undefined
  /** How many users a page has, 100 at most. Default 50. */
  readonly perPage?: number | undefined
  /** A root attribute, not metadata. Users that do not have it come last. Default: the oldest user first. */
  readonly sort?: { readonly field: string; readonly descending: boolean } | undefined
  /** Counts all users that the search finds. */
  readonly includeTotals?: boolean | undefined
  /** False lets the database choose the order when no `sort` is given. Default true. */
  readonly primaryOrder?: boolean | undefined
}

/** A part of what a search found. */
export interface UserPage {
  readonly users: User[]
  /** How many users are on the pages before. */
  readonly start: number
  readonly limit: number
  readonly length: number
  /** Only when the query asked for it. */
  readonly total?: number
}
