/** Lets at most `width` pieces of work run at once; the others wait their turn. */
export type Semaphore = <Result>(work: () => Promise<Result>) => Promise<Result>

export function createSemaphore(width: number): Semaphore {
  const waiters: (() => void)[] = []
  let available = width
  return async (work) => {
    if (available > 0) available -= 1
    else await new Promise<void>((resolve) => waiters.push(resolve))
    try {
      return await work()
    } finally {
      // A place is handed on, never given back while somebody waits: nobody can slip in between.
      const next = waiters.shift()
      if (next === undefined) available += 1
      else next()
    }
  }
}
