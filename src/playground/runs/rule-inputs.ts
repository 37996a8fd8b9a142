import type { RuleInput } from '../../profile/rule/rule.ts'
import { stripTypes } from '../../rules/source/strip-types.ts'
import type { RepositoryRule } from '../rules/rule-repository.ts'

/** Rules as an engine takes them, in the order that they have here. @throws {ClaimsmithError} RULE_SYNTAX */
export function toInputs(rules: readonly RepositoryRule[]): RuleInput[] {
  return rules
    .filter(({ enabled }) => enabled !== false)
    .map((rule, order) => {
      const { name, script } = rule.file.endsWith('.ts') ? stripTypes(rule) : rule
      const { onError, secrets } = rule
      return { name, script, order, ...(onError && { onError }), ...(secrets && { secrets: { ...secrets } }) }
    })
}
