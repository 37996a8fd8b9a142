/** A rule as it was found, in an array or on disk, before its text was looked at. */
export interface RuleFile {
  readonly name: string
  readonly script: string
  /** Where the text is, for messages and stack traces: the path as the caller gave it, or the rule's name with `.js`. */
  readonly file: string
  readonly order?: number
  readonly enabled?: boolean
  readonly onError?: 'deny' | 'skip'
  /** What an action finds in `event.secrets`. */
  readonly secrets?: Readonly<Record<string, string>>
}
