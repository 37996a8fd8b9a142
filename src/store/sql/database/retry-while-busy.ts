import { setTimeout as sleep } from 'node:timers/promises'

const maxWaitMs = 10_000
const maxPauseMs = 20

/**
 * Retries the work while another connection holds a lock, for at most ten seconds. Work that fails must undo itself.
 *
 * It waits here and not in the database, because that keeps the event loop free, and the holder may be in this process.
 */
export async function retryWhileBusy<Result>(
  isBusy: (error: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let waitedMs = 0; ;) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || waitedMs >= maxWaitMs) throw error
    }
    const pauseMs = 1 + Math.floor(Math.random() * maxPauseMs)
    await sleep(pauseMs)
    waitedMs += pauseMs
  }
}
