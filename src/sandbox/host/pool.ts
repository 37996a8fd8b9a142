import {
  type InterruptReason,
  type QueuedRun,
  type RunRequest,
  toFaultResult,
  toWorkerLostResult,
} from './queued-run.ts'
import { SnapshotStore } from './snapshot-store.ts'
import type { SupervisedOptions } from './supervised-options.ts'
import { WorkerGroup } from './worker-group.ts'
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
  /** Kills the workers, whatever they are doing. */
  close(): void
}

const quarantineIdleMs = 10_000

/**
 * Starts the workers.
 *
 * If a worker exits with several runs under way, any of them may be the cause. Those without side effects run again in the
 * quarantine, one at a time. If a worker exits there, its only run is the cause.
 */
export function createPool({ nowMs = () => performance.now(), ...options }: PoolOptions): Pool {
  let lastId = 0
  const { limits } = options
  const snapshots = createSnapshots(options, (hash, bytes) => {
    mainGroup.sendSnapshot(hash, bytes)
    quarantine.sendSnapshot(hash, bytes)
  })
  const common = { ...options, nowMs, findSnapshot: snapshots && ((hash: string) => snapshots.find(hash)) }
  const quarantine = new WorkerGroup({
    ...common,
    workers: 1,
    maxLoad: 1,
    idleMs: quarantineIdleMs,
    onInterrupted(runs, reason) {
      for (const run of runs) {
        if (isOwnFault(reason) || run.attempts >= maxAttempts) resolveAsFault(run, reason)
        else requeue(run)
      }
    },
  })
  const mainGroup = new WorkerGroup({
    ...common,
    workers: limits.workers,
    // If a worker had more runs of one ruleset, some would only wait until another run leaves its realm.
    maxLoad: limits.maxRealms,
    onInterrupted(runs, reason) {
      const isOnlyRun = runs.length === 1
      for (const run of runs) {
        if (isOnlyRun && isOwnFault(reason)) resolveAsFault(run, reason)
        else requeue(run)
      }
    },
  })
  mainGroup.startMissing()

  function resolveAsFault(run: QueuedRun, reason: InterruptReason): void {
    run.resolve(toFaultResult(reason, limits.workerRssMb))
  }

  function requeue(run: QueuedRun): void {
    run.attempts++
    if (run.hasSideEffects) run.resolve(toWorkerLostResult())
    else quarantine.submit(run)
  }

  function begin(request: RunRequest, resolve: QueuedRun['resolve'], reject: QueuedRun['reject']): void {
    mainGroup.submit({ ...request, id: ++lastId, resolve, reject, hasSideEffects: false, attempts: 0, deadlineMs: 0 })
  }

  return {
    run: (request) => new Promise((resolve, reject) => begin(request, resolve, reject)),
    begin,
    prepare: (programs) => snapshots?.retain(programs),
    inspectRules: (message) => mainGroup.inspectRules(message),
    close() {
      snapshots?.close()
      mainGroup.close()
      quarantine.close()
    },
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

/** Whether a run of the worker can be the cause of the interruption. */
function isOwnFault(reason: InterruptReason): boolean {
  return reason !== 'external' && reason !== 'violation' && reason !== 'evicted'
}
