import type { SandboxLimits } from '../wire/limits.ts'
import type { NetworkOptions, Program, RuleCounts } from '../wire/protocol.ts'
import type { LaunchOptions } from './launch-options.ts'
import type { QueuedRun } from './queued-run.ts'
import type { ExitReason } from './worker-state.ts'

export interface SupervisedOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** Whether a test runs the rules; its runs may have `stubs`. */
  readonly hasSyncChannel?: boolean | undefined
  /** How the worker's process is started. */
  readonly launch?: LaunchOptions | undefined
  readonly nowMs: () => number
  /** Gets the execution counts of a ruleset's rules; coverage is off if absent. */
  readonly onCoverage?: ((program: Program, counts: readonly RuleCounts[]) => void) | undefined
  /** Gets the messages of the isolate's inspector; the inspector is off if absent. */
  readonly onInspected?: ((message: string) => void) | undefined
  /** Finds the snapshot of a program by its hash; see `SnapshotStore`. */
  readonly findSnapshot?: ((hash: string) => Uint8Array<ArrayBuffer> | undefined) | undefined
}

export interface SupervisedEvents {
  readonly onReady: () => void
  /** A run ended or was evicted, so the worker can take another one. */
  readonly onCapacity: () => void
  /** The worker has discarded the isolate of this run; see `InterruptReason`. */
  readonly onEvicted: (run: QueuedRun) => void
  readonly onExit: (end: WorkerEnd) => void
}

export interface WorkerEnd {
  /** The runs that were assigned to the worker and have no result. */
  readonly runs: readonly QueuedRun[]
  readonly reason: ExitReason
  /** False if the worker never reported `ready`: none of its runs has begun. */
  readonly hasStarted: boolean
  readonly stderrTail: string
}
