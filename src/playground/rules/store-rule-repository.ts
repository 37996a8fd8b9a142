import { readFolder } from '../../rules/folder/read-folder.ts'
import { sortByOrder, loadRuleset } from '../../rules/ruleset/ruleset.ts'
import type { StoredRule } from '../../profile/rule/stored-rule.ts'
import type { Store } from '../../store/contract/store.ts'
import type { RepositoryRule, RuleRepository } from './rule-repository.ts'

const maxSourceBytes = 100_000

/**
 * Reads the rules that a server runs: first those of its folder, if it has one, then those of its store.
 *
 * Edited rules are saved into the store.
 */
export function createStoreRuleRepository({ rules: rulesStore }: Store, folder: string | undefined): RuleRepository {
  return {
    savesTo: 'store',
    async read() {
      const folderRules = folder === undefined ? { rules: [], configuration: {} } : readFolder(folder, maxSourceBytes)
      const current = await rulesStore.getCurrent()
      const storedRules = new Map(current.rules.map((rule) => [rule.name, toRepositoryRule(rule)]))
      const orderedRules = sortByOrder(folderRules.rules).map((rule): RepositoryRule => {
        const replacement = storedRules.get(rule.name)
        storedRules.delete(rule.name)
        return replacement ?? { ...rule, place: 'folder' }
      })
      return {
        rules: [...orderedRules, ...storedRules.values()],
        configuration: { ...folderRules.configuration, ...current.configuration },
      }
    },
    async save({ name, script }) {
      loadRuleset({ rules: [{ name, script }], maxSourceBytes })
      const { rules } = await rulesStore.getCurrent()
      const existing = rules.find((rule) => rule.name === name)
      const updated = existing && (await rulesStore.update(existing.id, { script }))
      return toRepositoryRule(updated ?? (await rulesStore.create({ name, script })))
    },
  }
}

function toRepositoryRule({ name, script, order, enabled }: StoredRule): RepositoryRule {
  return { name, script, order, enabled, file: `${name}.js`, place: 'store' }
}
