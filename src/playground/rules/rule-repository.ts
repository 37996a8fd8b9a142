import { parseLeadingNumber } from '../../rules/folder/read-rules.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { sortByOrder } from '../../rules/ruleset/ruleset.ts'
import type { RuleLocation } from '../http/api-types.ts'

/** A rule as the playground shows it. */
export interface RepositoryRule extends RuleFile {
  readonly place: RuleLocation
}

export interface RepositoryRuleset {
  /** In the order in which they run; those that are off, too. */
  readonly rules: readonly RepositoryRule[]
  readonly configuration: Readonly<Record<string, string>>
}

/** A rule as somebody edited it. */
export type EditedRule = Pick<RepositoryRule, 'name' | 'script'>

/** Where the rules of the moment are, and where an edited one is saved. */
export interface RuleRepository {
  readonly savesTo: RuleLocation
  read(): Promise<RepositoryRuleset>
  /**
   * Saves a rule: logins that begin later run it.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX with line and column; INVALID_ARGUMENT or STORE_CONFLICT for its name
   */
  save(rule: EditedRule): Promise<RepositoryRule>
}

/** The rules as they would be once this one is saved. */
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
