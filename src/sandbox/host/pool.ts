import { type Job, type LossCause, blameResult, lostResult } from './job.ts'
import type { Conditions } from '../wire/conditions.ts'
import { createLane } from './lane.ts'
import type { SupervisedOptions } from './supervised.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import type { Flow } from '../wire/flow.ts'
import { maxLosses } from '../wire/patience.ts'
import type { NetworkOptions, Program, RunResult } from '../wire/protocol.ts'
import type { StubPort } from '../wire/stub-port.ts'

export interface PoolOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** A test runs the rules: jobs may have `stubs`, and such a one has done what it does at once when `run` returns. */
  readonly line?: boolean
  readonly nowMs?: () => number
  readonly onCoverage?: SupervisedOptions['onCoverage']
  readonly onInspected?: SupervisedOptions['onInspected']
}

export interface PoolJob {
  readonly program: Program
  /** `encode({ user, context })`. */
  readonly login: string
  /** The JSON of what `auth0` shows a rule of its tenant. */
  readonly facts: string
  readonly flow: Flow | undefined
  /** Absent where its rules find the machine's own time and randomness. */
  readonly conditions?: Conditions
  /** The time of all its rules. */
  readonly wallMs: number
  readonly answer: Job['answer']
  readonly stubs?: StubPort
  readonly onExchange?: (text: string) => void
}

/** Worker processes, and the logins that they run. */
export interface Pool {
  /** Resolves however the rules end; rejects only where no worker can be had. */
  run(job: PoolJob): Promise<RunResult>
  /** The same, for who cannot wait for a promise: how it ends is told at once. */
  begin(job: PoolJob, resolve: Job['resolve'], reject: Job['reject']): void
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
  const quarantine = createLane({
    ...common,
    workers: 1,
    maxLoad: 1,
    idleMs: quarantineIdleMs,
    onLoss(jobs, cause) {
      for (const job of jobs) {
        if (isOwnFault(cause) || job.losses >= maxLosses) blame([job], cause)
        else runAgain(job)
      }
    },
  })
  const lane = createLane({
    ...common,
    workers: limits.workers,
    // A worker has room for a login while the login's realm need not wait for another login to end.
    maxLoad: limits.maxRealms,
    onLoss(jobs, cause) {
      const [only] = jobs
      if (jobs.length === 1 && only !== undefined && isOwnFault(cause)) blame(jobs, cause)
      else for (const job of jobs) runAgain(job)
    },
  })
  lane.warm()

  function blame(jobs: readonly Job[], cause: LossCause): void {
    for (const job of jobs) job.resolve(blameResult(cause, limits.workerRssMb))
  }

  function runAgain(job: Job): void {
    job.losses++
    if (job.outside) job.resolve(lostResult())
    else quarantine.submit(job)
  }

  function begin(input: PoolJob, resolve: Job['resolve'], reject: Job['reject']): void {
    lane.submit({ ...input, id: ++lastId, resolve, reject, outside: false, losses: 0, deadlineMs: 0 })
  }

  return {
    run: (input) => new Promise((resolve, reject) => begin(input, resolve, reject)),
    begin,
    inspectRules: lane.inspectRules,
    close() {
      lane.close()
      quarantine.close()
    },
  }
}

/** Whether the cause lies in what the worker was running; a signal from outside, or a busy machine, says nothing of the login. */
function isOwnFault(cause: LossCause): boolean {
  return cause !== 'killed' && cause !== 'violation' && cause !== 'handed-back'
}
