import type { WireResult } from '../../wire/protocol.ts'
import type { RunFailure } from './run-budget.ts'

/** Builds the error of a result; `rule` is the rule that failed. */
export function nameRule(failure: RunFailure, rule: string | undefined): NonNullable<WireResult['error']> {
  return rule === undefined ? { ...failure } : { ...failure, rule }
}
