import type { SandboxLimits } from '../limits.ts'
import type { Outbox } from '../outbox.ts'
import type { FromWorker } from '../protocol.ts'
import type { WorkerClock } from './clock.ts'
import type { Services } from './services.ts'

/** What a runner has of its worker. */
export interface RunnerOptions {
  readonly limits: SandboxLimits
  readonly services: Services
  readonly clock: WorkerClock
  readonly outbox: Outbox<FromWorker>
  /** The next number for an op, one that no other runner of this worker gives. */
  readonly nextOp: () => number
  /** Realms take a while to start: the parent must not take the worker for frozen. */
  readonly showLife: () => void
  /** Gets what the rules run, as JSON; absent where nobody wants to know. */
  readonly onCoverage?: ((counts: string) => void) | undefined
}
