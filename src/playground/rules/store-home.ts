import { readFolder } from '../../rules/folder/folder.ts'
import { inOrder, loadRuleset } from '../../rules/ruleset/ruleset.ts'
import type { StoredRule } from '../../profile/rule/stored-rule.ts'
import type { Store } from '../../store/contract/store.ts'
import type { HomeRule, RulesHome } from './rules-home.ts'

const maxSourceBytes = 100_000

/** The rules that a server runs: those of a folder, where it has one, then those of its store, where edited ones are saved. */
export function createStoreHome({ rules: stored }: Store, folder: string | undefined): RulesHome {
  return {
    savesTo: 'store',
    async read() {
      const own = folder === undefined ? { rules: [], configuration: {} } : readFolder(folder, maxSourceBytes)
      const current = await stored.current()
      const later = new Map(current.rules.map((rule) => [rule.name, toHomeRule(rule)]))
      const first = inOrder(own.rules).map((rule): HomeRule => {
        const instead = later.get(rule.name)
        later.delete(rule.name)
        return instead ?? { ...rule, place: 'folder' }
      })
      return {
        rules: [...first, ...later.values()],
        configuration: { ...own.configuration, ...current.configuration },
      }
    },
    async save({ name, script }) {
      loadRuleset({ rules: [{ name, script }], maxSourceBytes })
      const { rules } = await stored.current()
      const known = rules.find((rule) => rule.name === name)
      const saved = known && (await stored.update(known.id, { script }))
      return toHomeRule(saved ?? (await stored.create({ name, script })))
    },
  }
}

function toHomeRule({ name, script, order, enabled }: StoredRule): HomeRule {
  return { name, script, order, enabled, file: `${name}.js`, place: 'store' }
}
