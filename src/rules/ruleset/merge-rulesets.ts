import type { RuleInput } from '../../profile/rule/rule.ts'
import { hashRuleset } from './hash-ruleset.ts'
import type { Ruleset } from './ruleset.ts'

/**
 * Adds rules to a ruleset, after its own.
 *
 * An additional rule replaces the rule of the same name in its position. If it is disabled, neither runs. Of two
 * configuration values, the additional one wins.
 */
export function mergeRulesets(base: Ruleset, additional: Ruleset, inputs: readonly Pick<RuleInput, 'name'>[]): Ruleset {
  const inputNames = new Set(inputs.map(({ name }) => name))
  const baseNames = new Set(base.rules.map(({ name }) => name))
  const mergedRules = base.rules.flatMap((rule) =>
    inputNames.has(rule.name) ? additional.rules.filter(({ name }) => name === rule.name) : [rule],
  )
  const content = {
    rules: Object.freeze([
      ...new Set([...mergedRules, ...additional.rules.filter(({ name }) => !baseNames.has(name))]),
    ]),
    configuration: Object.freeze({ ...base.configuration, ...additional.configuration }),
    realm: base.realm,
  }
  return Object.freeze({
    ...base,
    ...content,
    boundSecrets: [...base.boundSecrets, ...additional.boundSecrets],
    hash: hashRuleset(content),
  })
}
