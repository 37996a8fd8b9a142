import { LRUCache } from 'lru-cache'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { QueuedRun, LossCause } from './queued-run.ts'
import type { SupervisedOptions, SupervisedWorker } from './supervised.ts'
import { findErrorLine } from './start-failure.ts'
import { superviseWorker } from './supervised-worker.ts'

/** Workers that share a queue of logins. */
export interface WorkerGroup {
  submit(run: QueuedRun): void
  /** Starts the workers that are missing. */
  warm(): void
  /** Hands over what a debugger says; undefined when it has gone. */
  inspectRules(message: string | undefined): void
  close(): void
}

export interface WorkerGroupOptions extends SupervisedOptions {
  readonly workers: number
  /** Logins given to one worker at once; the rest waits in the queue. */
  readonly maxLoad: number
  /** When workers that have nothing to do are ended; they stay where this is absent. */
  readonly idleMs?: number
  /** Logins whose worker is gone, or whose isolate another login has ruined. */
  readonly onLoss: (runs: readonly QueuedRun[], cause: LossCause) => void
}

const inspectEveryMs = 50
/** What fails by itself fails always; somebody who kills workers may only be at it for a while. */
const maxFailedStarts = { byItself: 3, killed: 20 }
const maxPreferredWorkers = 10_000

export function createWorkerGroup(options: WorkerGroupOptions): WorkerGroup {
  const { nowMs, maxLoad, idleMs } = options
  const workers = new Set<SupervisedWorker>()
  const queue: QueuedRun[] = []
  /** Where a ruleset has its isolate and its `global`: its logins go there while there is room. */
  const preferredWorkers = new LRUCache<string, SupervisedWorker>({ max: maxPreferredWorkers })
  let failedStarts = { byItself: 0, killed: 0 }
  let isClosed = false
  let inspector: NodeJS.Timeout | undefined
  let idleSinceMs = 0
  let lastInspectionMs = 0

  function start(): void {
    const worker: SupervisedWorker = superviseWorker(options, {
      onReady() {
        failedStarts = { byItself: 0, killed: 0 }
        drain()
      },
      onCapacity: drain,
      onEvicted: (run) => options.onLoss([run], 'evicted'),
      onExit(runs, cause, { stderrTail }) {
        workers.delete(worker)
        if (worker.isStarted) options.onLoss(runs, cause)
        else {
          failedStarts[cause === 'killed' ? 'killed' : 'byItself']++
          queue.unshift(...runs)
        }
        const { byItself, killed } = failedStarts
        if (byItself >= maxFailedStarts.byItself || killed >= maxFailedStarts.killed) giveUp(stderrTail)
        else if (!isClosed && (idleMs === undefined || queue.length > 0)) warm()
        drain()
      },
    })
    workers.add(worker)
  }

  function warm(): void {
    while (workers.size < options.workers) start()
  }

  function giveUp(stderrTail: string): void {
    failedStarts = { byItself: 0, killed: 0 }
    const line = findErrorLine(stderrTail)
    const message = `no worker process can be started${line === '' ? '' : `: ${line}`}`
    const cause = new Error(stderrTail)
    for (const run of queue.splice(0)) run.reject(new ClaimsmithError('SANDBOX_FAILED', message, { cause }))
  }

  function drain(): void {
    for (let run = queue[0]; run !== undefined; run = queue[0]) {
      const worker = pickWorker(run.program.hash)
      if (worker === undefined) return
      queue.shift()
      worker.run(run)
    }
  }

  function pickWorker(hash: string): SupervisedWorker | undefined {
    const preferredWorker = preferredWorkers.get(hash)
    if (preferredWorker !== undefined && hasCapacity(preferredWorker)) return preferredWorker
    let best: SupervisedWorker | undefined
    for (const worker of workers) {
      if (hasCapacity(worker) && (best === undefined || worker.load < best.load)) best = worker
    }
    if (best !== undefined) preferredWorkers.set(hash, best)
    return best
  }

  function hasCapacity(worker: SupervisedWorker): boolean {
    return workers.has(worker) && worker.isResponsive && worker.load < maxLoad
  }

  function inspect(): void {
    const atMs = nowMs()
    const isLate = atMs - lastInspectionMs > 2 * inspectEveryMs
    lastInspectionMs = atMs
    const isBusy = queue.length > 0 || [...workers].some((worker) => worker.load > 0)
    if (isBusy) idleSinceMs = atMs
    else inspector?.unref()
    if (!isBusy && (idleMs === undefined || atMs - idleSinceMs > idleMs)) stopInspecting()
    // Where this process was held up itself, its workers' answers are still waiting to be read.
    if (isLate) setImmediate(inspectWorkers)
    else inspectWorkers()
  }

  function inspectWorkers(): void {
    for (const worker of workers) void worker.inspect(nowMs())
    drain()
  }

  function stopInspecting(): void {
    clearInterval(inspector)
    inspector = undefined
    if (idleMs !== undefined) for (const worker of workers) worker.kill()
  }

  return {
    warm,
    inspectRules(message) {
      for (const worker of workers) worker.inspectRules(message)
    },
    submit(run) {
      inspector ??= setInterval(inspect, inspectEveryMs)
      // While a login is under way, or waits for a worker, this timer keeps the embedder's process alive.
      inspector.ref()
      idleSinceMs = nowMs()
      queue.push(run)
      warm()
      drain()
    },
    close() {
      isClosed = true
      stopInspecting()
      for (const worker of workers) worker.kill()
    },
  }
}
