import type { Run } from './run.ts'

/** Runs of one ruleset that wait for a realm, in the order of their arrival. */
export interface RunQueue {
  /** Starts the run if a realm is available and no run waits. */
  add(run: Run): void
  /** Starts the oldest run if a realm is available. */
  startNext(): void
  startAll(): void
}

export interface RunQueueOptions {
  readonly hasCapacity: () => boolean
  readonly start: (run: Run) => void
  /** The run has waited until its login's deadline. */
  readonly onExpired: (run: Run) => void
}

interface WaitingRun {
  readonly run: Run
  deadlineTimer?: NodeJS.Timeout
}

export function createRunQueue({ hasCapacity, start, onExpired }: RunQueueOptions): RunQueue {
  const queue: WaitingRun[] = []

  function startNext(): void {
    if (!hasCapacity()) {
      // A run that ends calls `startNext` again. If none is left, the next turn of the event loop frees a realm.
      if (queue.length > 0) setImmediate(startAll)
      return
    }
    const next = queue.shift()
    if (next === undefined) return
    clearTimeout(next.deadlineTimer)
    if (next.run.budget.getLoginTimeLeftMs() > 0) start(next.run)
    else onExpired(next.run)
  }

  function startAll(): void {
    while (queue.length > 0 && hasCapacity()) startNext()
  }

  function expire(waitingRun: WaitingRun): void {
    queue.splice(queue.indexOf(waitingRun), 1)
    onExpired(waitingRun.run)
  }

  function add(run: Run): void {
    const waitingRun: WaitingRun = { run }
    queue.push(waitingRun)
    startNext()
    if (queue.includes(waitingRun))
      waitingRun.deadlineTimer = setTimeout(() => expire(waitingRun), run.budget.getLoginTimeLeftMs())
  }

  return { add, startNext, startAll }
}
