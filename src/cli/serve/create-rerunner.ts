import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../../engine/ports/engine.ts'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type Difference, diffOutcomes } from '../../recording/replay/diff-outcomes.ts'

/** One login after the rules have run again. */
export interface Rerun {
  readonly login: LoginInput
  readonly outcome: Outcome
  /** Compared with the previous run; undefined if there was none. */
  readonly differences: readonly Difference[] | undefined
}

/**
 * Returns a function that runs the engine's current rules over logins, and compares with its previous run.
 *
 * Each login runs twice. Values that differ between the two runs depend on time or chance, and are no difference.
 */
export function createRerunner(engine: Engine): (logins: readonly LoginInput[]) => Promise<readonly Rerun[]> {
  let lastRuns = new Map<string, { readonly outcome: Outcome; readonly volatile: ReadonlySet<string> }>()
  const runAll = (logins: readonly LoginInput[]): Promise<Outcome[]> =>
    Promise.all(logins.map((login) => engine.run(login)))

  return async (logins) => {
    const outcomes = await runAll(logins)
    const secondOutcomes = await runLater(() => runAll(logins))
    const nextRuns: typeof lastRuns = new Map()
    const reruns = logins.map((login, index) => {
      const outcome = outcomes[index] as Outcome
      const key = JSON.stringify([index, login])
      const previous = lastRuns.get(key)
      const volatile = new Set(diffOutcomes(outcome, secondOutcomes[index] as Outcome).map(({ path }) => path))
      nextRuns.set(key, { outcome, volatile })
      const changes = previous && diffOutcomes(previous.outcome, outcome)
      return {
        login,
        outcome,
        differences: changes?.filter(({ path }) => !volatile.has(path) || !previous?.volatile.has(path)),
      }
    })
    lastRuns = nextRuns
    return reruns
  }
}

/** Waits for the next millisecond, so that values that depend on the time differ. */
async function runLater<T>(work: () => Promise<T>): Promise<T> {
  const startMs = Date.now()
  while (Date.now() === startMs) await wait(1)
  return await work()
}
