import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../../engine/engine.ts'
import type { LoginInput } from '../../engine/outcome/outcome-of.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type Difference, differences } from '../../recording/replay/differences.ts'

/** One login after the rules have run again. */
export interface Rerun {
  readonly login: LoginInput
  readonly outcome: Outcome
  /** Since the last time; undefined where there was none. */
  readonly differences: readonly Difference[] | undefined
}

/** Runs the rules of the moment over logins, and says what is not as it was the last time. */
export function createReruns(engine: Engine): (logins: readonly LoginInput[]) => Promise<readonly Rerun[]> {
  let last = new Map<string, { readonly outcome: Outcome; readonly volatile: ReadonlySet<string> }>()
  const runAll = (logins: readonly LoginInput[]): Promise<Outcome[]> =>
    Promise.all(logins.map((login) => engine.run(login)))

  return async (logins) => {
    const outcomes = await runAll(logins)
    const again = await later(() => runAll(logins))
    const next: typeof last = new Map()
    const reruns = logins.map((login, index) => {
      const outcome = outcomes[index] as Outcome
      const key = JSON.stringify([index, login])
      const known = last.get(key)
      const volatile = new Set(differences(outcome, again[index] as Outcome).map(({ path }) => path))
      next.set(key, { outcome, volatile })
      const found = known && differences(known.outcome, outcome)
      return {
        login,
        outcome,
        differences: found?.filter(({ path }) => !volatile.has(path) || !known?.volatile.has(path)),
      }
    })
    last = next
    return reruns
  }
}

/** What rules make of the time or of chance differs by itself: a second run, at another time, shows where. */
async function later<T>(work: () => Promise<T>): Promise<T> {
  const before = Date.now()
  while (Date.now() === before) await wait(1)
  return await work()
}
