import { leadingNumber } from '../../rules/folder/folder-rules.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { inOrder } from '../../rules/ruleset/ruleset.ts'
import type { Place } from '../http/answers.ts'

/** A rule as the playground shows it. */
export interface HomeRule extends RuleFile {
  readonly place: Place
}

export interface HomeRules {
  /** In the order in which they run; those that are off, too. */
  readonly rules: readonly HomeRule[]
  readonly configuration: Readonly<Record<string, string>>
}

/** A rule as somebody edited it. */
export type EditedRule = Pick<HomeRule, 'name' | 'script'>

/** Where the rules of the moment are, and where an edited one is saved. */
export interface RulesHome {
  readonly savesTo: Place
  read(): Promise<HomeRules>
  /**
   * Saves a rule: logins that begin later run it.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX with line and column; INVALID_ARGUMENT or STORE_CONFLICT for its name
   */
  save(rule: EditedRule): Promise<HomeRule>
}

/** The rules as they would be once this one is saved. */
export function asSaved(rules: readonly HomeRule[], edited: EditedRule, home: RulesHome): readonly HomeRule[] {
  const { savesTo } = home
  const known = rules.find(({ name }) => name === edited.name)
  const saved: HomeRule = {
    file: `${edited.name}.js`,
    ...(known?.place === savesTo ? known : {}),
    ...edited,
    enabled: true,
    place: savesTo,
  }
  if (known !== undefined) return rules.map((rule) => (rule === known ? saved : rule))
  if (savesTo === 'store') return [...rules, saved]
  const order = leadingNumber(edited.name)
  return inOrder([...rules, order === undefined ? saved : { ...saved, order }])
}
