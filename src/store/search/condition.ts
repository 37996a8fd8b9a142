import type { Bound, Part } from './tokenize.ts'

/** Text columns of `users`. Those that end in `_folded`, and `email_domain`, hold normalized text. */
export type TextColumn =
  | 'user_id'
  | 'email_folded'
  | 'email_domain'
  | 'username'
  | 'phone_number'
  | 'name_folded'
  | 'given_name_folded'
  | 'family_name_folded'
  | 'nickname_folded'
  | 'picture'
  | 'last_ip'
  | 'created_at'
  | 'updated_at'
  | 'last_login'

export type FlagColumn = 'email_verified' | 'phone_verified' | 'blocked'
export type IdentityColumn = 'connection' | 'provider' | 'identity_id'
export type JsonDocument = 'app_metadata' | 'user_metadata' | 'attributes'

/** A test of a text. An empty text counts as absent. */
export type TextTest =
  | { readonly kind: 'equals'; readonly text: string }
  | { readonly kind: 'matches'; readonly parts: readonly Part[] }
  | { readonly kind: 'between'; readonly min: Bound | undefined; readonly max: Bound | undefined }
  | { readonly kind: 'exists' }

/** An end of a range whose text is a number. */
export interface NumberBound {
  readonly number: number
  readonly isInclusive: boolean
}

export interface NumberRange {
  readonly min: NumberBound | undefined
  readonly max: NumberBound | undefined
}

/**
 * A test of a JSON value. Strings are compared by code points, and numbers as numbers.
 *
 * - `typedValue`: the number or boolean that the text of an equality spells; undefined if it spells none.
 * - `numbers`: the range of numbers; undefined if an end of the range is not a number.
 */
export type JsonTest =
  | { readonly kind: 'equals'; readonly text: string; readonly typedValue: number | boolean | undefined }
  | Exclude<TextTest, { readonly kind: 'equals' | 'between' }>
  | {
      readonly kind: 'between'
      readonly min: Bound | undefined
      readonly max: Bound | undefined
      readonly numbers: NumberRange | undefined
    }

/** A compiled search: every field is resolved, every value has its type. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'text'; readonly column: TextColumn; readonly test: TextTest }
  /** With the value undefined: whether the flag is set at all. */
  | { readonly kind: 'flag'; readonly column: FlagColumn; readonly value: boolean | undefined }
  | { readonly kind: 'loginsCount'; readonly range: NumberRange }
  | { readonly kind: 'identity'; readonly column: IdentityColumn; readonly test: TextTest }
  | { readonly kind: 'identityJson'; readonly path: readonly string[]; readonly test: JsonTest }
  /** An array in the path, or at its end, matches if one of its elements does. */
  | {
      readonly kind: 'json'
      readonly document: JsonDocument
      readonly path: readonly string[]
      readonly test: JsonTest
    }
