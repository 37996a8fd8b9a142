import type { Outcome, RuleTrace } from './outcome.ts'

type IsDeciding = (trace: RuleTrace) => boolean

const decidedBy: Readonly<Record<Exclude<Outcome['outcome'], 'allow'>, IsDeciding>> = {
  deny: ({ status }) => status === 'deny',
  error: ({ status }) => status === 'error',
  redirect: (trace) => hasSet(trace, 'redirect'),
  challenge: (trace) => hasSet(trace, 'multifactor'),
}

/**
 * Finds the name of the rule that ended a login in another way than `allow`.
 *
 * Undefined if all rules let the user in, or no single rule decided.
 */
export function findDecidingRule({ outcome, rules }: Outcome): string | undefined {
  return outcome === 'allow' ? undefined : rules.findLast(decidedBy[outcome])?.name
}

function hasSet({ changes }: RuleTrace, name: string): boolean {
  return changes.some(({ path }) => path === `/context/${name}` || path.startsWith(`/context/${name}/`))
}
