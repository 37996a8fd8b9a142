import { runEndedFailure } from '../../net/worker/sockets/connection-failure.ts'
import type { IdTable } from '../../wire/id-table.ts'
import type { Outbox } from '../../wire/outbox.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { HostServices } from '../calls/host-services.ts'
import type { ClosedOp, PendingOps } from '../calls/pending-ops.ts'
import type { RealmPool } from '../isolate/realm-pool.ts'
import type { ActiveRuns } from './active-runs.ts'
import type { WorkerClock } from './clock.ts'
import type { Run } from './run.ts'

/** The parts of a runner that a run is removed from. */
export interface RunExitOptions {
  readonly runs: IdTable<Run>
  readonly activeRuns: ActiveRuns
  readonly pendingOps: PendingOps
  readonly realmPool: RealmPool
  readonly services: HostServices
  readonly outbox: Outbox<FromWorker>
  readonly clock: WorkerClock
  readonly hasDebugger: boolean
  /** A run has left: another one may have its realm. */
  readonly onExit: () => void
}

/** Time limit of the code that is notified of a closed connection, on an idle machine. */
const notifyTimeoutMs = 25

/** How runs leave an isolate: with a result, or evicted. */
export class RunExits {
  readonly #options: RunExitOptions

  constructor(options: RunExitOptions) {
    this.#options = options
  }

  /** Sends the result of a finished run, and gives its realm back. */
  end(run: Run): void {
    const { services, outbox, realmPool, onExit } = this.#options
    const lease = run.state.kind === 'finished' ? run.state.lease : undefined
    services.closeConnections(run)
    const result = run.end()
    const isFailed = result.status === 'error'
    const closedOps = this.#removeRun(run, isFailed)
    outbox.post({ type: 'done', id: run.id, ...result })
    // The result is sent now: if the worker were lost with it, this run could not run again.
    if (run.hasSideEffects) outbox.flush()
    if (closedOps.length > 0) this.#notifyClosedConnections(run, closedOps, isFailed)
    if (lease !== undefined && !realmPool.release(lease, isFailed)) this.discardIsolate(run)
    onExit()
  }

  /** Ends the runs that an entry for another run has finished. */
  endOtherFinished(): void {
    for (const run of this.#options.activeRuns.takeOtherFinished()) this.end(run)
  }

  /** Removes a run without a result. The parent may let it run again. */
  evict(run: Run): void {
    const { services, outbox } = this.#options
    run.evict()
    services.closeConnections(run)
    this.#removeRun(run, true)
    outbox.post({ type: 'evicted', id: run.id })
  }

  /** Throws the isolate away, which cannot be used any more, and evicts all runs but the one that broke it. */
  discardIsolate(causingRun: Run): void {
    const { runs, realmPool } = this.#options
    realmPool.discard()
    for (const otherRun of runs.values()) if (otherRun !== causingRun && otherRun.isUnderWay) this.evict(otherRun)
  }

  /** Removes the run and its ops. Returns the ops of connections: the guest must be notified of their end. */
  #removeRun(run: Run, isAborted: boolean): ClosedOp[] {
    const { runs, pendingOps } = this.#options
    runs.delete(run.id)
    return pendingOps.removeRun(run, isAborted)
  }

  /** Connections end with their run. A connection pool on `global` must be notified before the next run uses it. */
  #notifyClosedConnections(run: Run, closedOps: readonly ClosedOp[], isFailed: boolean): void {
    const { activeRuns, pendingOps, clock, hasDebugger } = this.#options
    // A debugger may hold an entry up, and this one is not waited for.
    if (hasDebugger) return
    activeRuns.set([run])
    const isIntact = notifyClosed(closedOps, Math.ceil(notifyTimeoutMs * clock.getSlowdown()))
    activeRuns.clear()
    // The run is over: answers to ops that were begun here are dropped.
    pendingOps.removeRun(run, isFailed)
    if (!isIntact) this.discardIsolate(run)
    this.endOtherFinished()
  }
}

/** False if the isolate terminated the code that was notified. */
function notifyClosed(closedOps: readonly ClosedOp[], timeoutMs: number): boolean {
  for (const { op, lease } of closedOps) {
    if (lease.isDisposed) continue
    try {
      void lease.realm.settle({ op, ok: false, body: JSON.stringify(runEndedFailure) }, timeoutMs)
    } catch {
      return false
    }
  }
  return true
}
