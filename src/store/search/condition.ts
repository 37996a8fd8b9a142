import type { Bound, Part } from './tokenize.ts'

/** Columns of `users` that hold text; those that end in `_folded`, and `email_domain`, are compared in one spelling. */
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

/** What a text must be. A text that is empty is as one that is not there. */
export type TextTest =
  | { readonly kind: 'equals'; readonly text: string }
  | { readonly kind: 'matches'; readonly parts: readonly Part[] }
  | { readonly kind: 'between'; readonly min: Bound | undefined; readonly max: Bound | undefined }
  | { readonly kind: 'exists' }

/** An end of a range that is a number, beside the text that says so. */
export interface NumberBound {
  readonly number: number
  readonly isInclusive: boolean
}

export interface NumberRange {
  readonly min: NumberBound | undefined
  readonly max: NumberBound | undefined
}

/**
 * What a JSON value must be: texts are compared as texts, by code points, and numbers as numbers.
 *
 * Of an equality, `also` is the number or truth value that the text spells. `numbers` is undefined when an end of the range is no number.
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

/** What a user must be for a search to find it: every name is known, every value has its type. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'text'; readonly column: TextColumn; readonly test: TextTest }
  /** Undefined asks whether there is a value. */
  | { readonly kind: 'flag'; readonly column: FlagColumn; readonly value: boolean | undefined }
  | { readonly kind: 'loginsCount'; readonly range: NumberRange }
  | { readonly kind: 'identity'; readonly column: IdentityColumn; readonly test: TextTest }
  | { readonly kind: 'identityJson'; readonly path: readonly string[]; readonly test: JsonTest }
  /** Arrays on the way of the path, and at its end, stand for each of their elements. */
  | {
      readonly kind: 'json'
      readonly document: JsonDocument
      readonly path: readonly string[]
      readonly test: JsonTest
    }
