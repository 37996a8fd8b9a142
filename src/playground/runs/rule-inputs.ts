import type { RuleInput } from '../../profile/rule/rule.ts'
import { stripTypes } from '../../rules/source/strip-types.ts'
import type { RepositoryRule } from '../rules/rule-repository.ts'

/** Converts the enabled rules to an engine's input, in this order. @throws {ClaimsmithError} RULE_SYNTAX if types cannot be stripped */
export function toInputs(rules: readonly RepositoryRule[]): RuleInput[] {
  return rules
    .filter(({ enabled }) => enabled !== false)
    .map((rule, order) => {
      const { name, script } = rule.file.endsWith('.ts') ? stripTypes(rule) : rule
      const { onError, secrets, hosts } = rule
      return {
        name,
        script,
        order,
        ...(onError && { onError }),
        ...(secrets && { secrets: { ...secrets } }),
        ...(hosts && { hosts: [...hosts] }),
      }
    })
}
