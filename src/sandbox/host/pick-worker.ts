import type { SupervisedWorker } from './supervised-worker.ts'

export interface LoadLimits {
  /** Runs of one worker at once. */
  readonly maxLoad: number
  /** Runs of one worker at once if those that it has wait for services. */
  readonly maxWaitingLoad: number
}

/**
 * Picks the worker for a run; undefined if none has capacity.
 *
 * The `preferred` one has the ruleset and its `global`. Above `maxLoad`, a worker gets more runs only if its runs wait.
 */
export function pickWorker(
  workers: Iterable<SupervisedWorker>,
  preferred: SupervisedWorker | undefined,
  { maxLoad, maxWaitingLoad }: LoadLimits,
  atMs: number,
): SupervisedWorker | undefined {
  const available = [...workers].filter((worker) => worker.isAvailable)
  const free = available.filter(({ load }) => load < maxLoad)
  if (preferred !== undefined && free.includes(preferred)) return preferred
  return (
    findLeastLoaded(free) ??
    findLeastLoaded(available.filter((worker) => worker.load < maxWaitingLoad && worker.isWaiting(atMs)))
  )
}

function findLeastLoaded(workers: readonly SupervisedWorker[]): SupervisedWorker | undefined {
  let best: SupervisedWorker | undefined
  for (const worker of workers) if (best === undefined || isBetter(worker, best)) best = worker
  return best
}

/** A worker that still prepares a ruleset is as good as one with half a run more. */
function isBetter(worker: SupervisedWorker, best: SupervisedWorker): boolean {
  return weighLoad(worker) < weighLoad(best)
}

function weighLoad(worker: SupervisedWorker): number {
  return worker.load + (worker.hasUnansweredPing ? 0.5 : 0)
}
