import { type GuestFailure, createFailure, toDenial, toGuestFailure } from './guest-failure.ts'
import { NativePromise, apply, chain } from '../../wire/primordials.ts'
import { type EndRuleRun, type RuleRun, hasEnded } from './driver-state.ts'
import type { LiveLogin } from './rule-scope.ts'

/** Calls a rule, which ends through its callback. */
export function callRule(
  rule: unknown,
  ruleRun: RuleRun,
  login: LiveLogin,
  { end, filename, onFailure }: { end: EndRuleRun; filename: string; onFailure: (error: unknown) => void },
) {
  if (typeof rule !== 'function') {
    end(ruleRun, createFailure('RULE_SYNTAX', 'the script is an expression, but its value is not a function'))
    return
  }
  const result: unknown = apply(rule, undefined, [login.user, login.context, callback])
  // A promise that the rule returns counts only if it rejects before the callback.
  if (typeof result === 'object' && result !== null) {
    void chain(
      toPromise(result),
      () => undefined,
      (reason) => {
        if (hasEnded(ruleRun)) return
        onFailure(reason)
        end(ruleRun, toGuestFailure(reason, filename))
      },
    )
  }

  function callback(error?: unknown, user?: unknown, context?: unknown): void {
    if (hasEnded(ruleRun)) return
    if (error !== undefined && error !== null && error !== false && error !== '') {
      onFailure(error)
      end(ruleRun, toDenial(error))
    } else end(ruleRun, adopt(login, 'user', user) ?? adopt(login, 'context', context))
  }
}

export function toPromise(value: object): Promise<unknown> {
  return new NativePromise<unknown>((resolve) => {
    resolve(value)
  })
}

/** Replaces user or context by what the rule passed to its callback; if it passed nothing, its changes in place count. */
function adopt(login: LiveLogin, what: keyof LiveLogin, value: unknown): GuestFailure | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') {
    return createFailure('RULE_OUTPUT', `the callback got a ${typeof value} as ${what}; an object belongs there`)
  }
  login[what] = value
  return undefined
}
