/** Evaluates a rule's text. It is called again for every login, so that no variable of the text outlives the login. */
export type RuleFactory = (
  configuration: object,
  auth0: object,
  global: object,
  ...more: readonly [require: unknown, ...names: unknown[]]
) => unknown

/** What a rule finds in its scope besides the globals. */
export interface RuleScope {
  readonly configuration: object
  readonly auth0: object
  readonly global: object
  readonly require: unknown
  /** Values that a test adds to the rule's scope. */
  readonly names?: Readonly<Record<string, unknown>>
}

/** A login as it was before a rule with `onError: 'skip'`. */
export interface RestorePoint {
  readonly loginText: string
  readonly savedKeys: SavedKeys
}

/** The metadata keys that actions want saved; their values are in the user. */
export interface SavedKeys {
  readonly user: readonly string[]
  readonly app: readonly string[]
}

export interface LiveLogin {
  user: unknown
  context: unknown
}
