import type { SandboxLimits } from '../../wire/limits.ts'
import type { Run } from '../run/run.ts'
import { createActionCache } from './action-cache.ts'
import { ask, processingAsks } from './ask.ts'

/** Answers the questions of the runs of one ruleset at once; throws if the input is bad, or the answer is too expensive. */
export function createRunAsk(limits: SandboxLimits): (name: string, input: string, run: Run) => string {
  const actionCache = createActionCache()
  return (name, input, run) => {
    if (name === 'cache') return actionCache(input)
    if (processingAsks.has(name)) run.egress.secrets?.assertNotProcessed(input)
    return ask(name, input, { limits, admit: (cost) => run.budget.admit(cost), seededCrypto: run.seededCrypto })
  }
}
