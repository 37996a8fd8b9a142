import { type IdTable, createIdTable } from '../../wire/id-table.ts'
import type { Program } from '../../wire/protocol.ts'
import { createRunAsk } from '../calls/run-ask.ts'
import { type HostBridge, createHostBridge } from '../calls/host-bridge.ts'
import { type PendingOps, createPendingOps } from '../calls/pending-ops.ts'
import { createEntryLock, toErrorMessage } from '../isolate/entry-lock.ts'
import type { WorkerRealm } from '../isolate/worker-realm.ts'
import { RealmPool } from '../isolate/realm-pool.ts'
import { ActiveRuns } from './active-runs.ts'
import type { RunFailure } from './run-budget.ts'
import { RunExits } from './run-exits.ts'
import { type RunQueue, createRunQueue } from './run-queue.ts'
import { type RealmLease, Run, type RunParams } from './run.ts'
import type { RunnerOptions } from './runner-options.ts'
import {
  createDeadlockFailure,
  getTerminationReason,
  toRealmFailure,
  toUnhandledRejection,
} from './termination-reason.ts'

/** One entry into an isolate. May return a promise, if a debugger may hold it up. */
type Entry = (realm: WorkerRealm, timeoutMs: number) => unknown

/** Runs the rules of one ruleset in one isolate, each login in a realm of its own. See `RunState` for the life of a run. */
export class Runner {
  readonly #program: Program
  readonly #options: RunnerOptions
  readonly #runs: IdTable<Run> = createIdTable<Run>()
  readonly #activeRuns = new ActiveRuns()
  readonly #entryLock = createEntryLock()
  readonly #pendingOps: PendingOps
  readonly #realmPool: RealmPool
  readonly #queue: RunQueue
  readonly #exits: RunExits
  /** Reports what the rules have run so far; undefined if coverage is off. */
  readonly reportCoverage: (() => Promise<void>) | undefined
  /** Takes a debugger's message; undefined if no debugger is expected. */
  readonly debug: ((message: string | undefined) => void) | undefined

  constructor(program: Program, options: RunnerOptions) {
    const { limits, services, outbox, clock } = options
    this.#program = program
    this.#options = options
    this.#pendingOps = createPendingOps(limits, options.allocateOpId)
    this.#realmPool = new RealmPool(program, {
      limits,
      bridge: this.#createBridge(),
      clock,
      onStarted: options.reportAlive,
      onCoverage: options.onCoverage,
      debugger: options.onInspected && { post: options.onInspected, onReady: () => this.#queue.startAll() },
    })
    this.#queue = createRunQueue(
      () => this.#realmPool.hasCapacity,
      (run) => this.#start(run),
    )
    this.#exits = new RunExits({
      runs: this.#runs,
      activeRuns: this.#activeRuns,
      pendingOps: this.#pendingOps,
      realmPool: this.#realmPool,
      services,
      outbox,
      clock,
      hasDebugger: options.onInspected !== undefined,
      onExit: () => this.#queue.startNext(),
    })
    this.reportCoverage = this.#realmPool.reportCoverage
    this.debug = this.#realmPool.debug
  }

  /** No run is queued or under way. */
  get isIdle(): boolean {
    return this.#runs.size === 0
  }

  run(params: RunParams): void {
    const run = new Run(params, this.#program, this.#options.limits, this.#options.clock)
    this.#runs.add(run.id, run)
    this.#queue.add(run)
    this.#queue.startNext()
  }

  /** Brings the answer of an op into the isolate; does nothing if the op is not one of this runner's. */
  settle(op: number, ok: boolean, body: string): void {
    const pendingOp = this.#pendingOps.close(op)
    if (pendingOp === undefined) return
    const [run, ...otherRuns] = pendingOp.waiters
    if (run === undefined) return
    const { lease } = pendingOp
    const loginRealmId = lease.run === run ? undefined : run.realmId
    this.#enter([run, ...otherRuns], lease, (realm, timeoutMs) =>
      realm.settle({ op, ok, body, loginRealmId }, timeoutMs),
    )
  }

  /** Takes a snapshot of a context whose modules are started. */
  useSnapshot(bytes: Uint8Array<ArrayBuffer>): void {
    this.#realmPool.useSnapshot(bytes)
  }

  dispose(): void {
    this.#realmPool.discard()
  }

  #createBridge(): HostBridge {
    const { limits, services, channel } = this.#options
    return createHostBridge({
      getActiveRuns: () => this.#activeRuns.runs,
      services,
      ask: createRunAsk(limits),
      askTest: channel && (({ id }, body) => channel.ask({ type: 'stub', id, body })),
      pendingOps: this.#pendingOps,
      settleOp: (op, ok, body) => this.settle(op, ok, body),
      onOtherFinished: (run) => this.#activeRuns.addOtherFinished(run),
      onDisposedRealm: () => this.#realmPool.resetGlobal(),
    })
  }

  #start(run: Run): void {
    const lease = this.#takeRealm(run)
    if (lease === undefined) this.#exits.end(run)
    else this.#enter([run], lease, (_, timeoutMs) => this.#startRules(run, lease, timeoutMs))
  }

  /** Returns the lease of a realm for the run. If no realm can be made, the run has failed. */
  #takeRealm(run: Run): RealmLease | undefined {
    for (let attempt = 1; ; attempt++) {
      try {
        const lease = this.#realmPool.acquire(run)
        run.takeRealm(lease)
        return lease
      } catch (error) {
        this.#exits.discardIsolate(run)
        if (!(error instanceof SyntaxError) && attempt === 1) continue
        run.fail(toRealmFailure(error))
        return undefined
      }
    }
  }

  /** Starts the rules; in another realm if an earlier run has left something in this one that cannot be removed. */
  #startRules(run: Run, lease: RealmLease, timeoutMs: number): unknown {
    const startResult = this.#realmPool.start(run, lease, timeoutMs)
    if (startResult !== 'dirty') return startResult
    run.stopMetering() // The rules are not charged for the start of a realm.
    this.#realmPool.release(lease, true)
    const otherLease = run.isFinished ? undefined : this.#takeRealm(run)
    return otherLease && this.#realmPool.start(run, otherLease, run.startMetering())
  }

  /** Enters the isolate for the first of these runs. Afterwards it is finished, waits for something, or is deadlocked. */
  #enter(runs: readonly [Run, ...Run[]], lease: RealmLease, entry: Entry): void {
    const [run] = runs
    if (this.#entryLock.isLocked) {
      this.#entryLock.wait(() => run.isFinished || this.#enter(runs, lease, entry))
      return
    }
    if (lease.isDisposed) {
      this.#endDeadlocked()
      return
    }
    const { outbox, clock } = this.#options
    outbox.flushOld(clock.nowMs())
    if (run.state.kind === 'waiting') run.resume()
    this.#activeRuns.set(runs)
    let entryResult: unknown
    let errorMessage: string | undefined
    try {
      entryResult = entry(lease.realm, run.startMetering())
    } catch (error) {
      errorMessage = toErrorMessage(error)
    }
    if (entryResult instanceof Promise)
      void this.#entryLock.lockUntil(entryResult, (message) => this.#endEntry(run, message))
    else this.#endEntry(run, errorMessage)
  }

  #endEntry(run: Run, errorMessage: string | undefined): void {
    this.#activeRuns.clear()
    // A debugger held the entry up, and the isolate was discarded meanwhile.
    if (run.state.kind === 'evicted') return
    run.stopMetering()
    if (errorMessage === undefined) this.#leave(run)
    else this.#onEntryError(run, errorMessage)
  }

  #onEntryError(run: Run, message: string): void {
    const failure = getTerminationReason(message, this.#options.limits)
    if (failure === undefined) {
      if (run.isFinished) this.#leave(run)
      else this.#abandon(run, toUnhandledRejection(message))
      return
    }
    // A timeout alone does not fail a run. If the run had used up its CPU, it would have failed already. So the machine was
    // busy with other work.
    if (failure !== 'timeout') run.fail(failure)
    this.#exits.discardIsolate(run)
    if (!run.isFinished) this.#exits.evict(run)
    this.#leave(run)
  }

  /** An entry for the run is over: the run ends, or waits. */
  #leave(run: Run): void {
    this.#exits.endOtherFinished()
    // If another run has ended, a queued run has started, and may have ended or evicted this one.
    if (run.state.kind === 'finished') this.#exits.end(run)
    if (run.state.kind !== 'entered') return
    if (this.#options.channel !== undefined) this.#options.outbox.post({ type: 'waiting', id: run.id })
    this.#wait(run)
    this.#endDeadlocked()
  }

  #wait(run: Run): void {
    run.wait(setTimeout(() => this.#onDeadline(run), run.budget.getTimeLeftMs()))
  }

  #onDeadline(run: Run): void {
    const deadline = run.budget.findPassedDeadline()
    if (deadline === undefined) {
      this.#wait(run)
    } else if (deadline.scope === 'rule') {
      this.#abandon(run, deadline.failure)
    } else {
      run.fail(deadline.failure)
      this.#exits.end(run)
    }
  }

  /** Ends a run whose rules have not called back if nothing is pending in the isolate: it could never end. */
  #endDeadlocked(): void {
    if (this.#pendingOps.size > 0 || this.#activeRuns.runs.length > 0 || this.#entryLock.hasWaiters) return
    const run = this.#runs.values().find(({ state }) => state.kind === 'waiting')
    if (run !== undefined) this.#abandon(run, createDeadlockFailure(run.currentKind))
  }

  /** Lets the guest end the current rule, so that its `onError` counts. If the guest does not, the run fails. */
  #abandon(run: Run, failure: RunFailure): void {
    const { state } = run
    if ((state.kind === 'entered' || state.kind === 'waiting') && run.abandonRule()) {
      this.#enter([run], state.lease, (realm, timeoutMs) => realm.abandon(failure.code, failure.message, timeoutMs))
      return
    }
    run.fail(failure)
    this.#leave(run)
  }
}
