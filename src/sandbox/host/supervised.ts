import type { QueuedRun, LossCause } from './queued-run.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import type { NetworkOptions, Program, RuleCounts } from '../wire/protocol.ts'
import type { WorkerExit } from './worker-process.ts'

/** A worker with the logins it has been given, watched from outside. */
export interface SupervisedWorker {
  readonly load: number
  /** It answers: nothing occupies it for long. */
  readonly isResponsive: boolean
  readonly isStarted: boolean
  run(run: QueuedRun): void
  /** Hands over what a debugger says; undefined when it has gone. */
  inspectRules(message: string | undefined): void
  /** One look at its memory, its pulse and its deadlines; kills it where one is wrong. */
  inspect(nowMs: number): Promise<void>
  kill(): void
}

export interface SupervisedEvents {
  readonly onReady: () => void
  /** A login ended, or was handed back; there is room for another. */
  readonly onCapacity: () => void
  /** Another login of the same ruleset ruined the isolate that this one was in. */
  readonly onEvicted: (run: QueuedRun) => void
  /** The process is gone, with these logins under way. */
  readonly onExit: (runs: readonly QueuedRun[], cause: LossCause, exit: WorkerExit) => void
}

export interface SupervisedOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** A test runs the rules, and is asked for values of its own. */
  readonly hasSyncChannel?: boolean | undefined
  readonly nowMs: () => number
  /** Gets what the rules of a ruleset have run; absent where nobody wants to know. */
  readonly onCoverage?: ((program: Program, counts: readonly RuleCounts[]) => void) | undefined
  /** Gets what the inspector of the rules' isolate says; absent where no debugger is expected. */
  readonly onInspected?: ((message: string) => void) | undefined
}
