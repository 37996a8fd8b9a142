import type { Run } from './run.ts'

/** Runs of one ruleset that wait for a realm, in the order of their arrival. */
export interface RunQueue {
  add(run: Run): void
  /** Starts the oldest run if a realm is available. */
  startNext(): void
  startAll(): void
}

export function createRunQueue(hasCapacity: () => boolean, start: (run: Run) => void): RunQueue {
  const queue: Run[] = []

  function startNext(): void {
    if (!hasCapacity()) {
      // A run that ends calls `startNext` again. If none is left, the next turn of the event loop frees a realm.
      if (queue.length > 0) setImmediate(startAll)
      return
    }
    const nextRun = queue.shift()
    if (nextRun !== undefined) start(nextRun)
  }

  function startAll(): void {
    while (queue.length > 0 && hasCapacity()) startNext()
  }

  return { add: (run) => queue.push(run), startNext, startAll }
}
