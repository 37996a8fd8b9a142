import type { RulesPort, VersionedRules } from '../../engine/ports/rules-port.ts'
import type { Store } from '../../store/contract/store.ts'

/** The rules of a store, which the Management API writes, in whatever process. */
export async function storedRules({ rules }: Store, refused?: RulesPort['refused']): Promise<RulesPort> {
  const load = async (): Promise<VersionedRules> => {
    const current = await rules.current()
    const inputs = current.rules.map(({ name, script, order, enabled }) => ({ name, script, order, enabled }))
    return { ...current, rules: inputs }
  }
  return { initial: await load(), version: () => rules.version(), load, ...(refused && { refused }) }
}
