import type { Outcome, RuleTrace } from '../../engine/outcome/outcome.ts'

/** An outcome without the values that differ in every run. */
export type StableOutcome = Omit<Outcome, 'rules' | 'state'> & { readonly rules: readonly object[] }

/** Removes durations and states from an outcome, so that it fits a snapshot. Positions in rules stay. */
export function toStableOutcome(outcome: Outcome): StableOutcome {
  const { state: _, ...rest } = outcome
  return { ...rest, rules: outcome.rules.map(toStableRule) }
}

function toStableRule(rule: RuleTrace): object {
  const { durationMs: _, cpuMs: __, ...rest } = rule
  const requests = rule.requests.map((request) => {
    const { durationMs: ___, ...stableRequest } = request
    return stableRequest
  })
  return { ...rest, requests }
}

/** A snapshot serialiser of vitest and jest. Their types of the arguments differ, and are only passed on here. */
interface Serializer {
  test(value: unknown): boolean
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  serialize(value: any, ...rest: any[]): string
}

/** For `expect.addSnapshotSerializer` of vitest and jest: snapshots of outcomes are the same in every run. */
export const outcomeSerializer: Serializer = {
  test: (value) => isOutcome(value) && ('state' in value || value.rules.some((rule) => 'durationMs' in rule)),
  serialize(value: Outcome, ...rest: unknown[]) {
    const printValue = rest.at(-1) as (...all: unknown[]) => string
    return printValue(toStableOutcome(value), ...rest.slice(0, -1))
  },
}

export function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null) return false
  const { outcome, rules, claims } = value as Partial<Outcome>
  return typeof outcome === 'string' && Array.isArray(rules) && typeof claims === 'object'
}
