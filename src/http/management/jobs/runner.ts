import { createEntryReader } from '../../../store/import/entry-reader.ts'
import type { ImportWork } from '../../../store/contract/jobs.ts'
import type { Store } from '../../../store/contract/store.ts'

/** Runs imports in the background, also those that another process left unfinished. */
export interface JobRunner {
  /** Looks for imports now, not at the next poll. */
  wake(): void
  /** Stops after the current batch of users. Another process, or the next start, continues from there. */
  close(): Promise<void>
}

export interface JobRunnerOptions {
  readonly store: Store
  readonly clock: () => number
  /** Called with every exception; the job is tried again. */
  readonly onInternalError?: ((error: unknown, jobId: string) => void) | undefined
}

const batchSize = 100
const maxAttempts = 3
const pollIntervalMs = 10_000
const retentionMs = 24 * 3_600_000

export function createJobRunner({ store, clock, onInternalError }: JobRunnerOptions): JobRunner {
  const closing = new AbortController()
  let running: Promise<void> | undefined
  let isWakeRequested = false

  async function work(): Promise<void> {
    await store.jobs.purgeBefore(clock() - retentionMs)
    for (let job = await store.jobs.claimImport(); job !== undefined; job = await store.jobs.claimImport()) {
      await runImport(store, job, closing.signal).catch((error: unknown) => onInternalError?.(error, job?.job.id ?? ''))
      if (closing.signal.aborted) return
    }
  }

  function wake(): void {
    isWakeRequested = true
    running ??= (async () => {
      while (isWakeRequested && !closing.signal.aborted) {
        isWakeRequested = false
        await work().catch((error: unknown) => onInternalError?.(error, ''))
      }
      running = undefined
    })()
  }

  const timer = setInterval(wake, pollIntervalMs).unref()
  wake()
  return {
    wake,
    async close() {
      closing.abort()
      clearInterval(timer)
      await running
    },
  }
}

async function runImport(store: Store, work: ImportWork, closing: AbortSignal): Promise<void> {
  const { job, input, attempts } = work
  const failJob = async (reason: string): Promise<void> => await store.jobs.finish(work, reason)
  if (attempts > maxAttempts) {
    return await failJob(`The process ended ${maxAttempts} times while it worked on this job; it is not tried again.`)
  }
  const users = parseUsers(input)
  if (users === undefined) return await failJob('The users file is not JSON; make sure that it is valid.')
  if (!Array.isArray(users)) return await failJob('The users file does not hold an array; write [{ … }, { … }].')
  const connection = await store.connections.get(job.connectionId ?? '')
  if (connection === undefined) return await failJob('The connection was deleted.')
  await store.jobs.setTotal(work, users.length)
  // A later attempt reads all users again, because duplicates are recognised by the earlier ones.
  const entries = users.map(createEntryReader(connection.name))
  const upsert = job.parameters['upsert'] === true
  for (let position = job.position; position < entries.length; position += batchSize) {
    if (closing.aborted) return await store.jobs.release(work)
    if (!(await store.jobs.importUsers(work, entries.slice(position, position + batchSize), { upsert }))) return
  }
  await store.jobs.finish(work)
}

/** Returns undefined if the text is not JSON. The entry reader checks each user, also for names such as `__proto__`. */
function parseUsers(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
