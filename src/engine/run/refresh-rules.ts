import type { RuleSource, VersionedRules } from '../ports/rule-source.ts'

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
