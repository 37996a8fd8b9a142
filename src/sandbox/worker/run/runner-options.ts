import type { SandboxLimits } from '../../wire/limits.ts'
import type { Outbox } from '../../wire/outbox.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { WorkerClock } from './clock.ts'
import type { WorkerSyncChannel } from '../worker-sync-channel.ts'
import type { RunParams } from './run.ts'
import type { HostServices } from '../calls/host-services.ts'

/** Runs the logins of one ruleset in one isolate, each in a realm of its own. */
export interface Runner {
  run(input: RunParams): void
  /** Brings the parent's answer to a call; nothing happens where the call was not made here. */
  settle(op: number, ok: boolean, body: string): void
  readonly isIdle: boolean
  /** Tells what the rules have run up to now; undefined where nobody wants to know. */
  readonly reportCoverage: (() => Promise<void>) | undefined
  /** Takes what a debugger says; undefined where none is expected. */
  readonly debug: ((message: string | undefined) => void) | undefined
  dispose(): void
}

/** What a runner has of its worker. */
export interface RunnerOptions {
  readonly limits: SandboxLimits
  readonly services: HostServices
  readonly clock: WorkerClock
  readonly outbox: Outbox<FromWorker>
  /** The next number for an op, one that no other runner of this worker gives. */
  readonly allocateOpId: () => number
  /** Realms take a while to start: the parent must not take the worker for frozen. */
  readonly reportAlive: () => void
  /** The way to the test that runs these rules, where one does. */
  readonly channel?: WorkerSyncChannel | undefined
  /** Gets what the rules run, as JSON; absent where nobody wants to know. */
  readonly onCoverage?: ((counts: string) => void) | undefined
  /** Gets what the inspector says; absent where no debugger is expected. */
  readonly onInspected?: ((message: string) => void) | undefined
}
