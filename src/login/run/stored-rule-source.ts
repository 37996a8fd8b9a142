import type { RuleSource, VersionedRules } from '../../engine/ports/rule-source.ts'
import type { Store } from '../../store/contract/store.ts'

/** Serves the rules of a store, which the Management API of any process may change. */
export async function createStoredRuleSource(
  { rules }: Store,
  onInvalidRules?: RuleSource['onInvalidRules'],
): Promise<RuleSource> {
  const load = async (): Promise<VersionedRules> => {
    const current = await rules.getCurrent()
    const inputs = current.rules.map(({ name, script, order, enabled }) => ({ name, script, order, enabled }))
    return { ...current, rules: inputs }
  }
  return { initial: await load(), version: () => rules.getVersion(), load, ...(onInvalidRules && { onInvalidRules }) }
}
