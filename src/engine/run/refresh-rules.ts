import type { RuleSource, VersionedRules } from '../ports/rule-source.ts'

/** Creates a function that loads the newest rules and activates them. `activate` throws if rules cannot run. */
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
    // A load that is under way may have begun before this version existed.
    while (loadedVersion < version) await (loading ??= load().finally(() => (loading = undefined)))
  }
}
