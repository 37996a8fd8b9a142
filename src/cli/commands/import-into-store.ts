import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { rulesConfigSchemas, storedRuleProperties } from '../../profile/rule/stored-rule.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import type { Tenant } from '../../rules/deploy/tenant.ts'
import { loadRuleset } from '../../rules/ruleset/ruleset.ts'
import { openStore } from '../../store/open.ts'
import type { NewRule } from '../../store/contract/rules.ts'
import type { Store } from '../../store/contract/store.ts'
import { UsageError } from '../usage-error.ts'

/** The result of an import into a store: all or nothing was stored. `lines` are notes to print. */
export interface StoreImport {
  readonly isStored: boolean
  readonly lines: readonly string[]
}

const parseStoredRule = createValidator<NewRule>(
  { type: 'object', properties: storedRuleProperties, required: ['name', 'script'] },
  'The rule',
  'INVALID_RULESET',
)
const { key, value } = rulesConfigSchemas
const parseConfig = createValidator<{ readonly key: string; readonly value: string }>(
  { type: 'object', properties: { key, value } },
  'The configuration value',
  'INVALID_RULESET',
)

/** Opens the store of an import. @throws {UsageError} if it has rules or configuration: none is overwritten */
export async function openEmptyStore(url: string): Promise<Store> {
  const store = await openStore(url)
  const { total } = await store.rules.list({ page: 0, perPage: 1 })
  const keys = await store.rules.listConfigKeys()
  if (total === 0 && keys.length === 0) return store
  await store.close()
  throw new UsageError(
    '--store: the store has rules or configuration already, and nothing is overwritten; give another store',
  )
}

/** Writes rules and configuration into a store, all or nothing. A store keeps no actions. */
export async function importIntoStore(tenant: Tenant, { rules }: Store): Promise<StoreImport> {
  const { actions, configuration, unresolvedKeywords } = tenant
  if (unresolvedKeywords.length > 0)
    return { isStored: false, lines: ['Nothing is in the store: a keyword has no value yet'] }
  try {
    const newRules = tenant.rules.map((rule) => parseStoredRule({ ...rule }, `the rule "${rule.name}"`))
    const configs = Object.entries(configuration).map(([name, text]) => parseConfig({ key: name, value: text }, name))
    loadRuleset({ rules: newRules.map(({ name, script }) => ({ name, script })) })
    await rules.createAll({
      rules: newRules,
      configuration: Object.fromEntries(configs.map((config) => [config.key, config.value])),
    })
  } catch (error) {
    if (!(error instanceof ClaimsmithError)) throw error
    return { isStored: false, lines: [`Nothing is in the store: ${error.message}`] }
  }
  const actionNotes = actions.map(({ name }) => `The action "${name}" is in the folder only: a store keeps rules`)
  return { isStored: true, lines: actionNotes }
}
