import type { RealmRule } from '../../wire/guest-contract.ts'
import { push } from '../../wire/primordials.ts'
import type { RuleFactory, RuleScope } from './rule-scope.ts'

/** Evaluates a rule's script in the scope of this login; the result is a rule's function or an action's module body. */
export function instantiateRule(factory: RuleFactory, { parameters }: RealmRule, scope: RuleScope): unknown {
  const { configuration, auth0, global, require, names } = scope
  if (parameters === undefined) return factory(configuration, auth0, global, require)
  const extraArguments: unknown[] = []
  for (let at = 0; at < parameters.length; at++) push(extraArguments, names?.[parameters[at]!])
  return factory(configuration, auth0, global, require, ...extraArguments)
}
