import {
  type InterruptReason,
  type QueuedRun,
  type RunRequest,
  createQueuedRun,
  toClosedResult,
  toFaultResult,
  toSuspendedResult,
  toWorkerLostResult,
} from './queued-run.ts'
import { SnapshotStore } from './snapshot-store.ts'
import type { SupervisedOptions } from './supervised-options.ts'
import { Suspects } from './suspects.ts'
import { Suspensions } from './suspensions.ts'
import { WorkerGroup } from './worker-group.ts'
import { LRUCache } from '../../cache/lru-cache.ts'
import { countLeasableRealms } from '../wire/count-leasable-realms.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import { maxAttempts } from '../wire/timeout-factor.ts'
import type { NetworkOptions, Program, RunResult } from '../wire/protocol.ts'

export interface PoolOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** Whether a test runs the rules. Its runs may have `stubs`; `begin` then returns when their synchronous part is done. */
  readonly hasSyncChannel?: boolean
  readonly launch?: SupervisedOptions['launch']
  readonly nowMs?: () => number
  readonly onCoverage?: SupervisedOptions['onCoverage']
  readonly onInspected?: SupervisedOptions['onInspected']
  /** Why a program has no snapshot: its logins evaluate their modules anew. If absent, no snapshots are made. */
  readonly onSnapshotFailed?: ((program: Program, reason: string) => void) | undefined
}

/** Worker processes, and the logins that they run. */
export interface Pool {
  /** Resolves however the rules end; rejects only if no worker can be started. */
  run(run: RunRequest): Promise<RunResult>
  /** Like `run`, with callbacks. A caller that blocks cannot await a promise. */
  begin(run: RunRequest, resolve: QueuedRun['resolve'], reject: QueuedRun['reject']): void
  /** Makes snapshots for these programs, and forgets those of all others. No run waits for one. */
  prepare(programs: readonly Program[]): void
  /** Passes on a message of a debugger; undefined if the debugger has disconnected. */
  inspectRules(message: string | undefined): void
  /** Kills the workers, whatever they are doing. Runs that have no result end with `WORKER_LOST`. */
  close(): void
}

/** Logins of rulesets that have cost workers run one by one in up to this many workers. */
const quarantineWorkers = 8
/** If so many logins wait for the quarantine, further ones that are not known to be a cause run in the other workers. */
const maxQuarantineQueue = 8
/** For each worker, how many more are started while logins wait for slow services in all of them. */
const maxExtraWorkers = 5

const maxStuckPrograms = 4

/** Starts the workers. */
export function createPool(options: PoolOptions): Pool {
  return new WorkerPool(options)
}

/**
 * If a worker exits with several runs under way, any of them may be the cause. Those without side effects run again in the
 * quarantine, one at a time. If a worker exits there, its only run is the cause.
 */
class WorkerPool implements Pool {
  readonly #limits: SandboxLimits
  readonly #nowMs: () => number
  readonly #snapshots: SnapshotStore | undefined
  readonly #mainGroup: WorkerGroup
  readonly #quarantine: WorkerGroup
  readonly #suspects: Suspects
  /** Undefined if a test runs the rules: it may run a rule again that has failed. */
  readonly #suspensions: Suspensions | undefined
  /** Programs that made a worker stuck lately. New workers get ready for them. */
  readonly #stuckPrograms: LRUCache<Program, true>
  #lastId = 0

  constructor({ nowMs = () => performance.now(), ...options }: PoolOptions) {
    const { limits, hasSyncChannel = false } = options
    const { workers, maxRealms } = limits
    this.#limits = limits
    this.#nowMs = nowMs
    this.#stuckPrograms = new LRUCache({ max: maxStuckPrograms, ttl: limits.suspendMs })
    this.#suspects = new Suspects(limits.suspendMs, nowMs)
    this.#suspensions = hasSyncChannel ? undefined : new Suspensions(limits, nowMs)
    const snapshots = createSnapshots(options, (hash, bytes) => {
      this.#mainGroup.sendSnapshot(hash, bytes)
      this.#quarantine.sendSnapshot(hash, bytes)
    })
    this.#snapshots = snapshots
    const common = { ...options, nowMs, findSnapshot: snapshots && ((hash: string) => snapshots.find(hash)) }
    this.#quarantine = new WorkerGroup({
      ...common,
      isQuarantine: true,
      minWorkers: 0,
      maxWorkers: quarantineWorkers,
      spareWorkers: hasSyncChannel ? 0 : 2,
      maxLoad: 1,
      maxWaitingLoad: 1,
      listPrograms: () => [...this.#stuckPrograms.keys()],
      onStuck: (programs) => this.#onStuck(programs),
      onInterrupted: (runs, reason) => runs.forEach((run) => this.#onQuarantineInterrupted(run, reason)),
    })
    this.#mainGroup = new WorkerGroup({
      ...common,
      minWorkers: workers,
      maxWorkers: workers * (1 + maxExtraWorkers),
      spareWorkers: 0,
      // If a worker had more runs of one ruleset, some would only wait until another run leaves its realm.
      maxLoad: maxRealms,
      maxWaitingLoad: countLeasableRealms(limits),
      listPrograms: () => [...this.#stuckPrograms.keys()],
      onStuck: (programs) => this.#onStuck(programs),
      onInterrupted: (runs, reason) => this.#onMainInterrupted(runs, reason),
    })
    this.#mainGroup.startMissing()
  }

  run(request: RunRequest): Promise<RunResult> {
    return new Promise((resolve, reject) => this.begin(request, resolve, reject))
  }

  begin(request: RunRequest, resolve: QueuedRun['resolve'], reject: QueuedRun['reject']): void {
    const { program, input, userId } = request
    const firstIndex = input.resumePoint?.ruleIndex ?? 0
    const suspension = userId === undefined ? undefined : this.#suspensions?.find(program, firstIndex, userId)
    if (suspension !== undefined) {
      resolve(toSuspendedResult(suspension))
      return
    }
    const run = createQueuedRun(request, { id: ++this.#lastId, atMs: this.#nowMs() }, resolve, reject)
    const isQuarantined = this.#suspects.has(program) && this.#quarantine.queueSize < maxQuarantineQueue
    if (isQuarantined) this.#quarantine.submit(run)
    else this.#mainGroup.submit(run)
  }

  prepare(programs: readonly Program[]): void {
    this.#snapshots?.retain(programs)
  }

  inspectRules(message: string | undefined): void {
    this.#mainGroup.inspectRules(message)
  }

  close(): void {
    this.#snapshots?.close()
    for (const run of [...this.#mainGroup.close(), ...this.#quarantine.close()]) run.resolve(toClosedResult())
  }

  #onMainInterrupted(runs: readonly QueuedRun[], reason: InterruptReason): void {
    const isOwn = isOwnFault(reason)
    const isOnlyRun = runs.length === 1
    for (const run of runs) {
      if (isOwn && isOnlyRun && (run.hasSideEffects || findOnlyRule(run) !== undefined)) this.#blame(run, reason)
      else this.#runAgain(run)
    }
  }

  #onQuarantineInterrupted(run: QueuedRun, reason: InterruptReason): void {
    if (isOwnFault(reason) || (reason === 'segmentation-fault' && run.attempts > 0)) this.#blame(run, reason)
    else if (run.attempts >= maxAttempts) run.resolve(toFaultResult(reason, this.#limits.workerRssMb, undefined))
    else this.#runAgain(run)
  }

  /** Gets ready for the runs that may have to be moved. */
  #onStuck(programs: readonly Program[]): void {
    for (const program of programs) this.#stuckPrograms.set(program, true)
    this.#quarantine.startSpares()
  }

  /** Ends a run that has cost a worker. */
  #blame(run: QueuedRun, reason: InterruptReason): void {
    const { program, userId, ruleIndex = findOnlyRule(run) } = run
    const rule = ruleIndex === undefined ? undefined : program.rules[ruleIndex]?.name
    // A worker that got no CPU is late without a fault of the rules.
    if (reason !== 'deadline') {
      if (userId !== undefined) this.#suspensions?.add(program, ruleIndex, userId)
      if (this.#suspensions !== undefined) this.#suspects.add(program, userId)
    }
    const { hasSideEffects } = run
    run.resolve({ ...toFaultResult(reason, this.#limits.workerRssMb, rule), hasSideEffects })
  }

  #runAgain(run: QueuedRun): void {
    run.attempts++
    run.ruleIndex = undefined
    if (run.hasSideEffects) run.resolve(toWorkerLostResult())
    else this.#quarantine.submit(run)
  }
}

/** Snapshots would change what a debugger, coverage and tests see, so these have none. */
function createSnapshots(
  options: Omit<PoolOptions, 'nowMs'>,
  onReady: (hash: string, bytes: Uint8Array<ArrayBuffer>) => void,
): SnapshotStore | undefined {
  const { limits, onSnapshotFailed, onCoverage, onInspected, hasSyncChannel = false } = options
  if (onSnapshotFailed === undefined || onCoverage !== undefined || onInspected !== undefined || hasSyncChannel)
    return undefined
  return new SnapshotStore({ limits, onReady, onFailed: onSnapshotFailed })
}

/** Whether a run of the worker is the cause of the interruption. */
function isOwnFault(reason: InterruptReason): boolean {
  return reason === 'memory' || reason === 'crash' || reason === 'frozen' || reason === 'deadline'
}

/** Index of the only rule that the run had to run; undefined if there are several. */
function findOnlyRule({ program, input }: QueuedRun): number | undefined {
  const firstIndex = input.resumePoint?.ruleIndex ?? 0
  return firstIndex === program.rules.length - 1 ? firstIndex : undefined
}
