import { runInNewContext } from 'node:vm'

type Callback = (error: unknown, user?: unknown, context?: unknown) => void
export type Rule = (user: unknown, context: unknown, callback: Callback) => unknown

/** Puts an expression where the sandbox puts it, and gives the function it is. */
export function evaluated(expression: string, filename = 'rule.js'): Rule {
  const rule: unknown = runInNewContext(`((configuration) => (${expression}\n))({})`, {}, { filename })
  if (typeof rule !== 'function') throw new Error(`this is a ${typeof rule}, not a function`)
  return rule as Rule
}

/** Runs a rule and gives what it handed to its callback. */
export function answer(expression: string, user: unknown = {}): unknown {
  let answered: unknown
  evaluated(expression)(user, {}, (error, changed) => {
    answered = error ?? changed
  })
  return answered
}
