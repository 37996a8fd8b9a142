import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'

/**
 * The stored rules at one moment, with their `configuration`.
 *
 * @example
 * const rules: VersionedRules = { version: 7, rules: [{ name: 'roles', script }], configuration: {} }
 */
export interface VersionedRules {
  /** Grows with every change. */
  readonly version: number
  readonly rules: readonly RuleInput[]
  readonly configuration: Readonly<Record<string, ConfiguredValue>>
}

/**
 * Rules that are stored elsewhere and may change at any time. Each login asks for their version first, and loads them if it is
 * new.
 *
 * @example
 * const ruleSource: RuleSource = { initial: await load(), version: () => database.readVersion(), load }
 */
export interface RuleSource {
  /** The rules at the start, so that no login runs without them. */
  readonly initial: VersionedRules
  version(): Promise<number>
  load(): Promise<VersionedRules>
  /** Gets the error of rules that cannot run. The rules before them stay. */
  onInvalidRules?(error: unknown): void
}
