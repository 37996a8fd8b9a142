import type { FromWorker } from '../../wire/protocol.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { Outbox } from '../../wire/outbox.ts'
import type { HostServices } from '../calls/host-services.ts'
import type { WorkerSyncChannel } from '../worker-sync-channel.ts'
import type { WorkerClock } from './clock.ts'

/** The parts of a worker that its runners share. */
export interface RunnerOptions {
  readonly limits: SandboxLimits
  readonly services: HostServices
  readonly clock: WorkerClock
  readonly outbox: Outbox<FromWorker>
  /** Returns the id of a new op; ids are unique in the worker. */
  readonly allocateOpId: () => number
  /** Called when a realm has started, which takes a while: the parent must not take the worker for frozen. */
  readonly reportAlive: () => void
  /** Present if a test runs the rules. */
  readonly channel?: WorkerSyncChannel | undefined
  /** Gets the JSON of a list of `RuleCounts`; absent if coverage is off. */
  readonly onCoverage?: ((counts: string) => void) | undefined
  /** Gets the inspector's messages; absent if no debugger is expected. */
  readonly onInspected?: ((message: string) => void) | undefined
}
