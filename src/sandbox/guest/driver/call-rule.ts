import { type Failure, failed, refused, thrown } from './failure.ts'
import { NativePromise, apply, chain } from '../../wire/primordials.ts'
import type { EndTurn, Login, Turn } from './turn.ts'

/** Calls a rule over the login; it ends the turn through its callback. */
export function callRule(
  rule: unknown,
  turn: Turn,
  login: Login,
  { end, filename, failedWith }: { end: EndTurn; filename: string; failedWith: (error: unknown) => void },
) {
  if (typeof rule !== 'function') {
    end(turn, failed('RULE_SYNTAX', 'the script is an expression, but its value is not a function'))
    return
  }
  const returned: unknown = apply(rule, undefined, [login.user, login.context, callback])
  // A promise that the rule returns only tells of a failure before the callback.
  if (typeof returned === 'object' && returned !== null) {
    void chain(
      promiseOf(returned),
      () => undefined,
      (reason) => {
        if (turn.ended) return
        failedWith(reason)
        end(turn, thrown(reason, filename))
      },
    )
  }

  function callback(error?: unknown, user?: unknown, context?: unknown): void {
    if (turn.ended) return
    if (error !== undefined && error !== null && error !== false && error !== '') {
      failedWith(error)
      end(turn, refused(error))
    } else end(turn, adopt(login, 'user', user) ?? adopt(login, 'context', context))
  }
}

export function promiseOf(returned: object): Promise<unknown> {
  return new NativePromise<unknown>((resolve) => {
    resolve(returned)
  })
}

/** Takes over what a rule passed on; where it passes nothing, its changes in place stand. */
function adopt(login: Login, what: keyof Login, value: unknown): Failure | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') {
    return failed('RULE_OUTPUT', `the callback got a ${typeof value} as ${what}; an object belongs there`)
  }
  login[what] = value
  return undefined
}
