import { LRUCache } from '../../cache/lru-cache.ts'
import type { Program } from '../wire/protocol.ts'
import { FailedStarts, createStartError } from './failed-starts.ts'
import { HealthTimer } from './health-timer.ts'
import { LoginQueue } from './login-queue.ts'
import { type LoadLimits, pickWorker } from './pick-worker.ts'
import type { InterruptReason, QueuedRun } from './queued-run.ts'
import type { SupervisedOptions, WorkerEnd } from './supervised-options.ts'
import { SupervisedWorker } from './supervised-worker.ts'

export interface WorkerGroupOptions extends SupervisedOptions, LoadLimits {
  /** Workers that are kept while the group has no run. */
  readonly minWorkers: number
  /** Workers that are started if all others are full, and end when they have been idle for a while. */
  readonly maxWorkers: number
  /** Workers without a run that are kept ready while others have one. */
  readonly spareWorkers: number
  /** Programs that a new worker gets ready for. */
  readonly listPrograms?: () => readonly Program[]
  /** A worker may have to be killed; see `SupervisedEvents`. */
  readonly onStuck?: (programs: readonly Program[]) => void
  /** Gets runs that ended without a result: their worker exited, or discarded their isolate. */
  readonly onInterrupted: (runs: readonly QueuedRun[], reason: InterruptReason) => void
}

const maxPreferredWorkers = 10_000
/** How long workers above `minWorkers` are kept without a run. */
const idleMs = 10_000

/** Workers that share a queue of runs. A worker that exits is replaced. */
export class WorkerGroup {
  readonly #options: WorkerGroupOptions
  readonly #workers = new Set<SupervisedWorker>()
  readonly #queue: LoginQueue
  /** By ruleset hash, the worker that has its isolate and its `global`. Its runs go there if that worker has capacity. */
  readonly #preferredWorkers = new LRUCache<string, SupervisedWorker>({ max: maxPreferredWorkers })
  readonly #failedStarts = new FailedStarts()
  readonly #timer: HealthTimer
  /** Between `close` and the next `submit`, no worker is replaced. */
  #isClosed = false

  constructor(options: WorkerGroupOptions) {
    const { nowMs, limits } = options
    this.#options = options
    this.#queue = new LoginQueue(limits, nowMs)
    this.#timer = new HealthTimer({
      nowMs,
      idleMs,
      isBusy: () => this.#isBusy(),
      onTick: () => this.#onTick(),
      onIdle: () => this.#killIdle(0),
    })
  }

  /** How many runs wait for a worker. */
  get queueSize(): number {
    return this.#queue.size
  }

  /** Starts a run if a worker has capacity; otherwise it waits. */
  submit(run: QueuedRun): void {
    this.#isClosed = false
    this.#timer.start()
    this.#queue.add(run)
    this.startMissing()
    this.#drain()
  }

  /** Starts the workers that are always kept. */
  startMissing(): void {
    while (this.#workers.size < this.#options.minWorkers) this.#startWorker()
  }

  /** Passes on a message of a debugger; undefined if the debugger has disconnected. */
  inspectRules(message: string | undefined): void {
    for (const worker of this.#workers) worker.inspectRules(message)
  }

  /** Sends the snapshot of a program to all workers. One that has no isolate of the program ignores it. */
  sendSnapshot(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    for (const worker of this.#workers) worker.sendSnapshot(hash, bytes)
  }

  /** Starts workers that get ready for `listPrograms`, and keeps them for a while. */
  startSpares(): void {
    this.#timer.start()
    this.#addSpares()
  }

  /** Kills the workers, whatever they are doing. Returns the runs that have no result. */
  close(): readonly QueuedRun[] {
    this.#isClosed = true
    this.#timer.stop()
    const runs = [...this.#queue.clear(), ...[...this.#workers].flatMap((worker) => worker.takeRuns())]
    for (const worker of this.#workers) worker.kill('external')
    return runs
  }

  #startWorker(): void {
    const worker: SupervisedWorker = new SupervisedWorker(this.#options, {
      onReady: () => {
        this.#failedStarts.reset()
        this.#drain()
        if (worker.load === 0) for (const program of this.#options.listPrograms?.() ?? []) worker.prepare(program)
      },
      onCapacity: () => this.#drain(),
      onEvicted: (run) => this.#options.onInterrupted([run], 'evicted'),
      onStuck: (programs) => this.#options.onStuck?.(programs),
      onExit: (end) => this.#onExit(worker, end),
    })
    this.#workers.add(worker)
  }

  #onExit(worker: SupervisedWorker, { runs, reason, hasStarted, stderrTail }: WorkerEnd): void {
    this.#workers.delete(worker)
    if (hasStarted) this.#options.onInterrupted(runs, reason)
    else {
      this.#failedStarts.add(reason)
      this.#queue.restore(runs)
    }
    if (this.#failedStarts.hasReachedLimit) this.#rejectQueue(stderrTail)
    else if (!this.#isClosed) this.startMissing()
    this.#drain()
  }

  #rejectQueue(stderrTail: string): void {
    this.#failedStarts.reset()
    for (const run of this.#queue.clear()) run.reject(createStartError(stderrTail))
  }

  #drain(): void {
    const { nowMs } = this.#options
    for (let run = this.#queue.first; run !== undefined; run = this.#queue.first) {
      const { hash } = run.program
      const worker = pickWorker(this.#workers, this.#preferredWorkers.get(hash), this.#options, nowMs())
      if (worker === undefined) break
      this.#preferredWorkers.set(hash, worker)
      this.#queue.shift()
      worker.run(run)
    }
    if (!this.#isClosed) this.#grow(nowMs())
  }

  /** Starts workers if runs wait and no worker will have capacity soon. */
  #grow(atMs: number): void {
    const { maxWorkers, maxLoad, spareWorkers } = this.#options
    const isStuck = [...this.#workers].every((worker) => worker.load >= maxLoad && worker.isWaiting(atMs))
    if (this.#queue.size > 0 && isStuck && this.#workers.size < maxWorkers) this.#startWorker()
    if (spareWorkers > 0 && this.#isBusy()) this.#addSpares()
  }

  #addSpares(): void {
    const { maxWorkers, spareWorkers } = this.#options
    const freeCount = [...this.#workers].filter(({ load }) => load === 0).length
    const neededCount = Math.min(this.#queue.size + spareWorkers - freeCount, maxWorkers - this.#workers.size)
    for (let count = 0; count < neededCount; count++) this.#startWorker()
  }

  #isBusy(): boolean {
    return this.#queue.size > 0 || [...this.#workers].some(({ load }) => load > 0)
  }

  #onTick(): void {
    const atMs = this.#options.nowMs()
    this.#queue.expire()
    for (const worker of this.#workers) void worker.checkHealth(atMs)
    this.#killIdle(idleMs)
    this.#drain()
  }

  /** Kills workers that have been idle for some time, unless they are always kept. */
  #killIdle(minIdleMs: number): void {
    const atMs = this.#options.nowMs()
    const isIdle = (worker: SupervisedWorker): boolean =>
      worker.state === 'ready' && worker.load === 0 && worker.getIdleMs(atMs) >= minIdleMs
    const excess = this.#workers.size - this.#options.minWorkers
    const idle = excess > 0 ? [...this.#workers].filter(isIdle) : []
    for (const worker of idle.slice(0, excess)) worker.kill('external')
  }
}
