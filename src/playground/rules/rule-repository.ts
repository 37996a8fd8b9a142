import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { parseLeadingNumber } from '../../rules/folder/read-rules.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { sortByOrder } from '../../rules/ruleset/ruleset.ts'
import type { RuleLocation } from '../http/api-types.ts'

/** A rule as the playground shows it. */
export interface RepositoryRule extends RuleFile {
  readonly place: RuleLocation
}

export interface RepositoryRuleset {
  /** In the order in which they run; disabled ones are included. */
  readonly rules: readonly RepositoryRule[]
  readonly configuration: Readonly<Record<string, ConfiguredValue>>
}

/** An edited rule. */
export type EditedRule = Pick<RepositoryRule, 'name' | 'script'>

/** Reads the current rules, and saves edited ones. */
export interface RuleRepository {
  readonly savesTo: RuleLocation
  read(): Promise<RepositoryRuleset>
  /**
   * Saves a rule: logins that begin later run it.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX, with line and column, if the script is wrong
   * @throws {ClaimsmithError} INVALID_ARGUMENT or STORE_CONFLICT if the name cannot be used
   */
  save(rule: EditedRule): Promise<RepositoryRule>
}

/** Returns the rules as they will be once `editedRule` is saved. */
export function applyEdit(
  rules: readonly RepositoryRule[],
  editedRule: EditedRule,
  repository: RuleRepository,
): readonly RepositoryRule[] {
  const { savesTo } = repository
  const existing = rules.find(({ name }) => name === editedRule.name)
  const savedRule: RepositoryRule = {
    file: `${editedRule.name}.js`,
    ...(existing?.place === savesTo ? existing : {}),
    ...editedRule,
    enabled: true,
    place: savesTo,
  }
  if (existing !== undefined) return rules.map((rule) => (rule === existing ? savedRule : rule))
  if (savesTo === 'store') return [...rules, savedRule]
  const order = parseLeadingNumber(editedRule.name)
  return sortByOrder([...rules, order === undefined ? savedRule : { ...savedRule, order }])
}
