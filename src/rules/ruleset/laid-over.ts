import type { RuleInput } from '../../profile/rule/rule.ts'
import { hashOf } from './hash.ts'
import type { Ruleset } from './ruleset.ts'

/**
 * A ruleset with further rules after its own. One of the same name runs where its own rule would have run, and where it is
 * disabled, neither runs; of two configuration values, the further one counts.
 */
export function laidOver(own: Ruleset, further: Ruleset, inputs: readonly Pick<RuleInput, 'name'>[]): Ruleset {
  const named = new Set(inputs.map(({ name }) => name))
  const known = new Set(own.rules.map(({ name }) => name))
  const inPlace = own.rules.flatMap((rule) =>
    named.has(rule.name) ? further.rules.filter(({ name }) => name === rule.name) : [rule],
  )
  const content = {
    rules: Object.freeze([...new Set([...inPlace, ...further.rules.filter(({ name }) => !known.has(name))])]),
    configuration: Object.freeze({ ...own.configuration, ...further.configuration }),
    realm: own.realm,
  }
  return Object.freeze({ ...own, ...content, hash: hashOf(content) })
}
