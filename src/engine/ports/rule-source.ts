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

/** Makes a function that has taken the newest rules when it resolves; `take` throws on rules that cannot run. */
export function createRuleRefresher(
  ruleSource: RuleSource,
  applyRules: (rules: VersionedRules) => void,
): () => Promise<void> {
  let loadedVersion = ruleSource.initial.version
  let loading: Promise<void> | undefined

  async function load(): Promise<void> {
    const rules = await ruleSource.load()
    loadedVersion = rules.version
    try {
      applyRules(rules)
    } catch (error) {
      ruleSource.onInvalidRules?.(error)
    }
  }

  return async () => {
    const version = await ruleSource.version()
    // A load that was under way already may have begun before this version was there.
    while (loadedVersion < version) await (loading ??= load().finally(() => (loading = undefined)))
  }
}
