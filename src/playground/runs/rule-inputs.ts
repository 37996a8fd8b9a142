import type { RuleInput } from '../../profile/rule/rule.ts'
import { withoutTypes } from '../../rules/source/typescript.ts'
import type { HomeRule } from '../rules/rules-home.ts'

/** Rules as an engine takes them, in the order that they have here. @throws {ClaimsmithError} RULE_SYNTAX */
export function toInputs(rules: readonly HomeRule[]): RuleInput[] {
  return rules
    .filter(({ enabled }) => enabled !== false)
    .map((rule, order) => {
      const { name, script } = rule.file.endsWith('.ts') ? withoutTypes(rule) : rule
      const { onError, secrets } = rule
      return { name, script, order, ...(onError && { onError }), ...(secrets && { secrets: { ...secrets } }) }
    })
}
