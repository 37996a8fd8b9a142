import { LRUCache } from '../../cache/lru-cache.ts'
import { FailedStarts, createStartError } from './failed-starts.ts'
import { HealthTimer } from './health-timer.ts'
import type { InterruptReason, QueuedRun } from './queued-run.ts'
import type { SupervisedOptions, WorkerEnd } from './supervised-options.ts'
import { SupervisedWorker } from './supervised-worker.ts'

export interface WorkerGroupOptions extends SupervisedOptions {
  readonly workers: number
  /** Runs that one worker has at once; the others wait in the queue. */
  readonly maxLoad: number
  /** How long workers without a run are kept; for ever if absent. */
  readonly idleMs?: number
  /** Gets runs that ended without a result: their worker exited, or discarded their isolate. */
  readonly onInterrupted: (runs: readonly QueuedRun[], reason: InterruptReason) => void
}

const maxPreferredWorkers = 10_000

/** Workers that share a queue of runs. A worker that exits is replaced. */
export class WorkerGroup {
  readonly #options: WorkerGroupOptions
  readonly #workers = new Set<SupervisedWorker>()
  readonly #queue: QueuedRun[] = []
  /** By ruleset hash, the worker that has its isolate and its `global`. Its runs go there if that worker has capacity. */
  readonly #preferredWorkers = new LRUCache<string, SupervisedWorker>({ max: maxPreferredWorkers })
  readonly #failedStarts = new FailedStarts()
  readonly #timer: HealthTimer
  /** Between `close` and the next `submit`, no worker is replaced. */
  #isClosed = false

  constructor(options: WorkerGroupOptions) {
    const { nowMs, idleMs } = options
    this.#options = options
    this.#timer = new HealthTimer({
      nowMs,
      idleMs,
      isBusy: () => this.#isBusy(),
      onTick: () => this.#checkWorkers(),
      onIdle: () => {
        if (idleMs !== undefined) this.#killAll()
      },
    })
  }

  /** Queues a run, and starts it if a worker has capacity. */
  submit(run: QueuedRun): void {
    this.#isClosed = false
    this.#timer.start()
    this.#queue.push(run)
    this.startMissing()
    this.#drain()
  }

  startMissing(): void {
    while (this.#workers.size < this.#options.workers) this.#startWorker()
  }

  /** Passes on a message of a debugger; undefined if the debugger has disconnected. */
  inspectRules(message: string | undefined): void {
    for (const worker of this.#workers) worker.inspectRules(message)
  }

  /** Sends the snapshot of a program to all workers. One that has no isolate of the program ignores it. */
  sendSnapshot(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    for (const worker of this.#workers) worker.sendSnapshot(hash, bytes)
  }

  /** Kills the workers, whatever they are doing. */
  close(): void {
    this.#isClosed = true
    this.#timer.stop()
    this.#killAll()
  }

  #startWorker(): void {
    const worker: SupervisedWorker = new SupervisedWorker(this.#options, {
      onReady: () => {
        this.#failedStarts.reset()
        this.#drain()
      },
      onCapacity: () => this.#drain(),
      onEvicted: (run) => this.#options.onInterrupted([run], 'evicted'),
      onExit: (end) => this.#onExit(worker, end),
    })
    this.#workers.add(worker)
  }

  #onExit(worker: SupervisedWorker, { runs, reason, hasStarted, stderrTail }: WorkerEnd): void {
    this.#workers.delete(worker)
    if (hasStarted) this.#options.onInterrupted(runs, reason)
    else {
      this.#failedStarts.add(reason)
      this.#queue.unshift(...runs)
    }
    if (this.#failedStarts.hasReachedLimit) this.#rejectQueue(stderrTail)
    else if (this.#needsReplacement()) this.startMissing()
    this.#drain()
  }

  #needsReplacement(): boolean {
    return !this.#isClosed && (this.#options.idleMs === undefined || this.#queue.length > 0)
  }

  #rejectQueue(stderrTail: string): void {
    this.#failedStarts.reset()
    for (const run of this.#queue.splice(0)) run.reject(createStartError(stderrTail))
  }

  #drain(): void {
    for (let run = this.#queue[0]; run !== undefined; run = this.#queue[0]) {
      const worker = this.#pickWorker(run.program.hash)
      if (worker === undefined) return
      this.#queue.shift()
      worker.run(run)
    }
  }

  #pickWorker(hash: string): SupervisedWorker | undefined {
    const preferred = this.#preferredWorkers.get(hash)
    if (preferred !== undefined && this.#hasCapacity(preferred)) return preferred
    let best: SupervisedWorker | undefined
    for (const worker of this.#workers) {
      if (this.#hasCapacity(worker) && (best === undefined || worker.load < best.load)) best = worker
    }
    if (best !== undefined) this.#preferredWorkers.set(hash, best)
    return best
  }

  #hasCapacity(worker: SupervisedWorker): boolean {
    return worker.load < this.#options.maxLoad && worker.isAvailable
  }

  #isBusy(): boolean {
    return this.#queue.length > 0 || [...this.#workers].some((worker) => worker.load > 0)
  }

  #checkWorkers(): void {
    for (const worker of this.#workers) void worker.checkHealth(this.#options.nowMs())
    this.#drain()
  }

  #killAll(): void {
    for (const worker of this.#workers) worker.kill('external')
  }
}
