import type { RuleInput } from '../profile/rule.ts'
import { hashOf } from './hash.ts'
import type { Ruleset } from './ruleset.ts'

/**
 * A ruleset with further rules after its own. One of the same name takes the place of its own rule, also where it is
 * disabled; of two configuration values, the further one counts.
 */
export function laidOver(own: Ruleset, further: Ruleset, inputs: readonly Pick<RuleInput, 'name'>[]): Ruleset {
  const replaced = new Set(inputs.map(({ name }) => name))
  const content = {
    rules: Object.freeze([...own.rules.filter(({ name }) => !replaced.has(name)), ...further.rules]),
    configuration: Object.freeze({ ...own.configuration, ...further.configuration }),
    realm: own.realm,
  }
  return Object.freeze({ ...own, ...content, hash: hashOf(content) })
}
