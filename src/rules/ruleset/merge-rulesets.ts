import type { RuleInput } from '../../profile/rule/rule.ts'
import { hashRuleset } from './hash-ruleset.ts'
import type { Ruleset } from './ruleset.ts'

/**
 * A ruleset with further rules after its own. One of the same name runs where its own rule would have run, and where it is
 * disabled, neither runs; of two configuration values, the further one counts.
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
  return Object.freeze({ ...base, ...content, hash: hashRuleset(content) })
}
