import type { RuleInput } from '../../profile/rule/rule.ts'

/** Rules as they stood at one moment, with what they find in `configuration`. */
export interface VersionedRules {
  /** Grows with every change. */
  readonly version: number
  readonly rules: readonly RuleInput[]
  readonly configuration: Readonly<Record<string, string>>
}

/**
 * Rules that are stored elsewhere, and may be changed there at any time by anybody: each login begins by asking for their
 * version, and loads them when it is a new one.
 */
export interface RuleSource {
  /** What is there now, so that an engine never runs without it. */
  readonly initial: VersionedRules
  version(): Promise<number>
  load(): Promise<VersionedRules>
  /** Told of rules that cannot run: the ones before them stay. */
  onInvalidRules?(error: unknown): void
}
