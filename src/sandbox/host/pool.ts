import { type QueuedRun, type LossCause, type RunRequest, toFaultResult, toWorkerLostResult } from './queued-run.ts'
import { createWorkerGroup } from './worker-group.ts'
import type { SupervisedOptions } from './supervised.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import { maxAttempts } from '../wire/timeout-factor.ts'
import type { NetworkOptions, RunResult } from '../wire/protocol.ts'

export interface PoolOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** A test runs the rules: jobs may have `stubs`, and such a one has done what it does at once when `run` returns. */
  readonly hasSyncChannel?: boolean
  readonly nowMs?: () => number
  readonly onCoverage?: SupervisedOptions['onCoverage']
  readonly onInspected?: SupervisedOptions['onInspected']
}

/** Worker processes, and the logins that they run. */
export interface Pool {
  /** Resolves however the rules end; rejects only where no worker can be had. */
  run(run: RunRequest): Promise<RunResult>
  /** The same, for who cannot wait for a promise: how it ends is told at once. */
  begin(run: RunRequest, resolve: QueuedRun['resolve'], reject: QueuedRun['reject']): void
  /** Hands over what a debugger says; undefined when it has gone. */
  inspectRules(message: string | undefined): void
  /** Ends the workers, whatever they are doing. */
  close(): void
}

const quarantineIdleMs = 10_000

/**
 * Starts the workers. Where one dies with several logins under way, nobody can say which of them killed it: those that
 * have done nothing outside run again, each alone in the quarantine, where what the worker dies of is the login's own.
 */
export function createPool({ nowMs = () => performance.now(), ...options }: PoolOptions): Pool {
  let lastId = 0
  const { limits } = options
  const common = { ...options, nowMs }
  const quarantine = createWorkerGroup({
    ...common,
    workers: 1,
    maxLoad: 1,
    idleMs: quarantineIdleMs,
    onLoss(runs, cause) {
      for (const run of runs) {
        if (isOwnFault(cause) || run.attempts >= maxAttempts) resolveAsFault([run], cause)
        else requeue(run)
      }
    },
  })
  const mainGroup = createWorkerGroup({
    ...common,
    workers: limits.workers,
    // A worker has room for a login while the login's realm need not wait for another login to end.
    maxLoad: limits.maxRealms,
    onLoss(runs, cause) {
      const [onlyRun] = runs
      if (runs.length === 1 && onlyRun !== undefined && isOwnFault(cause)) resolveAsFault(runs, cause)
      else for (const run of runs) requeue(run)
    },
  })
  mainGroup.warm()

  function resolveAsFault(runs: readonly QueuedRun[], cause: LossCause): void {
    for (const run of runs) run.resolve(toFaultResult(cause, limits.workerRssMb))
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
    inspectRules: mainGroup.inspectRules,
    close() {
      mainGroup.close()
      quarantine.close()
    },
  }
}

/** Whether the cause lies in what the worker was running; a signal from outside, or a busy machine, says nothing of the login. */
function isOwnFault(cause: LossCause): boolean {
  return cause !== 'killed' && cause !== 'violation' && cause !== 'evicted'
}
