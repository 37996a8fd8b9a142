/** Runs work with a bounded concurrency. Further work waits in order. */
export type Semaphore = <Result>(work: () => Promise<Result>) => Promise<Result>

/** A semaphore that runs at most `maxConcurrency` pieces of work at the same time. */
export function createSemaphore(maxConcurrency: number): Semaphore {
  const waiters: (() => void)[] = []
  let available = maxConcurrency
  return async (work) => {
    if (available > 0) available -= 1
    else await new Promise<void>((resolve) => waiters.push(resolve))
    try {
      return await work()
    } finally {
      // The permit goes directly to the next waiter, so that no new caller can take it before.
      const next = waiters.shift()
      if (next === undefined) available += 1
      else next()
    }
  }
}
