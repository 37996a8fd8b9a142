import { LRUCache } from 'lru-cache'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { Job, LossCause } from './job.ts'
import type { SupervisedOptions, SupervisedWorker } from './supervised.ts'
import { findErrorLine } from './start-failure.ts'
import { superviseWorker } from './supervised-worker.ts'

/** Workers that share a queue of logins. */
export interface Lane {
  submit(job: Job): void
  /** Starts the workers that are missing. */
  warm(): void
  /** Hands over what a debugger says; undefined when it has gone. */
  inspectRules(message: string | undefined): void
  close(): void
}

export interface LaneOptions extends SupervisedOptions {
  readonly workers: number
  /** Logins given to one worker at once; the rest waits in the queue. */
  readonly maxLoad: number
  /** When workers that have nothing to do are ended; they stay where this is absent. */
  readonly idleMs?: number
  /** Logins whose worker is gone, or whose isolate another login has ruined. */
  readonly onLoss: (jobs: readonly Job[], cause: LossCause) => void
}

const inspectEveryMs = 50
/** What fails by itself fails always; somebody who kills workers may only be at it for a while. */
const maxFailedStarts = { byItself: 3, killed: 20 }
const maxHomes = 10_000

export function createLane(options: LaneOptions): Lane {
  const { nowMs, maxLoad, idleMs } = options
  const workers = new Set<SupervisedWorker>()
  const queue: Job[] = []
  /** Where a ruleset has its isolate and its `global`: its logins go there while there is room. */
  const homes = new LRUCache<string, SupervisedWorker>({ max: maxHomes })
  let failedStarts = { byItself: 0, killed: 0 }
  let closed = false
  let inspector: NodeJS.Timeout | undefined
  let idleSinceMs = 0
  let lastInspectionMs = 0

  function start(): void {
    const worker: SupervisedWorker = superviseWorker(options, {
      onReady() {
        failedStarts = { byItself: 0, killed: 0 }
        drain()
      },
      onRoom: drain,
      onHandedBack: (job) => options.onLoss([job], 'handed-back'),
      onGone(jobs, cause, { lastWords }) {
        workers.delete(worker)
        if (worker.started) options.onLoss(jobs, cause)
        else {
          failedStarts[cause === 'killed' ? 'killed' : 'byItself']++
          queue.unshift(...jobs)
        }
        const { byItself, killed } = failedStarts
        if (byItself >= maxFailedStarts.byItself || killed >= maxFailedStarts.killed) giveUp(lastWords)
        else if (!closed && (idleMs === undefined || queue.length > 0)) warm()
        drain()
      },
    })
    workers.add(worker)
  }

  function warm(): void {
    while (workers.size < options.workers) start()
  }

  function giveUp(lastWords: string): void {
    failedStarts = { byItself: 0, killed: 0 }
    const line = findErrorLine(lastWords)
    const message = `no worker process can be started${line === '' ? '' : `: ${line}`}`
    const cause = new Error(lastWords)
    for (const job of queue.splice(0)) job.reject(new ClaimsmithError('SANDBOX_FAILED', message, { cause }))
  }

  function drain(): void {
    for (let job = queue[0]; job !== undefined; job = queue[0]) {
      const worker = pick(job.program.hash)
      if (worker === undefined) return
      queue.shift()
      worker.run(job)
    }
  }

  function pick(hash: string): SupervisedWorker | undefined {
    const home = homes.get(hash)
    if (home !== undefined && hasRoom(home)) return home
    let best: SupervisedWorker | undefined
    for (const worker of workers) {
      if (hasRoom(worker) && (best === undefined || worker.load < best.load)) best = worker
    }
    if (best !== undefined) homes.set(hash, best)
    return best
  }

  function hasRoom(worker: SupervisedWorker): boolean {
    return workers.has(worker) && worker.responsive && worker.load < maxLoad
  }

  function inspect(): void {
    const atMs = nowMs()
    const late = atMs - lastInspectionMs > 2 * inspectEveryMs
    lastInspectionMs = atMs
    const busy = queue.length > 0 || [...workers].some((worker) => worker.load > 0)
    if (busy) idleSinceMs = atMs
    else inspector?.unref()
    if (!busy && (idleMs === undefined || atMs - idleSinceMs > idleMs)) rest()
    // Where this process was held up itself, its workers' answers are still waiting to be read.
    if (late) setImmediate(look)
    else look()
  }

  function look(): void {
    for (const worker of workers) void worker.inspect(nowMs())
    drain()
  }

  function rest(): void {
    clearInterval(inspector)
    inspector = undefined
    if (idleMs !== undefined) for (const worker of workers) worker.kill()
  }

  return {
    warm,
    inspectRules(message) {
      for (const worker of workers) worker.inspectRules(message)
    },
    submit(job) {
      inspector ??= setInterval(inspect, inspectEveryMs)
      // While a login is under way, or waits for a worker, this timer keeps the embedder's process alive.
      inspector.ref()
      idleSinceMs = nowMs()
      queue.push(job)
      warm()
      drain()
    },
    close() {
      closed = true
      rest()
      for (const worker of workers) worker.kill()
    },
  }
}
