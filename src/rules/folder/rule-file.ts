import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'

/** A rule from an array or from disk, not parsed yet. */
export interface RuleFile {
  readonly name: string
  readonly script: string
  /** For messages and stack traces: the path as the caller gave it, or the rule's name with `.js`. */
  readonly file: string
  readonly order?: number
  readonly enabled?: boolean
  readonly onError?: 'deny' | 'skip'
  /** An action's `event.secrets`. */
  readonly secrets?: Readonly<Record<string, ConfiguredValue>>
  /** The only hosts that it may call. */
  readonly hosts?: readonly string[]
}
