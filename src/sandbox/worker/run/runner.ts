import type { Program } from '../../wire/protocol.ts'
import { createIdTable } from '../../wire/id-table.ts'
import { createActionCache } from '../calls/action-cache.ts'
import { ask } from '../calls/ask.ts'
import type { RunFailure } from './run-budget.ts'
import {
  getTerminationReason,
  createDeadlockFailure,
  toUnhandledRejection,
  toRealmFailure,
} from './termination-reason.ts'
import { createHostBridge } from '../calls/host-bridge.ts'
import type { WorkerRealm } from '../isolate/isolate.ts'
import { type Run, type RealmLease, createRun } from './run.ts'
import { type ClosedOp, createPendingOps } from '../calls/pending-ops.ts'
import { createRealmPool } from '../isolate/realm-pool.ts'
import { createRunQueue } from './run-queue.ts'
import type { Runner, RunnerOptions } from './runner-options.ts'
import { notifyClosed } from '../calls/notify-closed.ts'
import { createEntryLock, toErrorMessage } from '../isolate/entry-lock.ts'

export function createRunner(program: Program, options: RunnerOptions): Runner {
  const { limits, services, clock, outbox, channel } = options
  const runs = createIdTable<Run>()
  const queue = createRunQueue(() => realmPool.hasCapacity, start)
  const pendingOps = createPendingOps(limits, options.allocateOpId)
  /** Whom the code inside may belong to; the first is the one that pays. */
  let activeRuns: readonly Run[] = []
  /** Logins that ended while another one was inside. */
  let otherEndedRuns: Run[] = []
  const entryLock = createEntryLock()
  const actionCache = createActionCache()
  const bridge = createHostBridge({
    getActiveRuns: () => activeRuns,
    services,
    ask: (name, input, run) => (name === 'cache' ? actionCache(input) : ask(name, input, limits, run?.seededCrypto)),
    askTest: channel && (({ id }, body) => channel.ask({ type: 'stub', id, body })),
    pendingOps,
    settleOp: settle,
    onRunEnd: (run) => otherEndedRuns.push(run),
    onDisposedRealm: () => realmPool.resetGlobal(),
  })
  const realmPool = createRealmPool(program, {
    limits,
    bridge,
    onStarted: options.reportAlive,
    onCoverage: options.onCoverage,
    debugger: options.onInspected && { post: options.onInspected, onReady: queue.startAll },
  })

  /** One entry into the isolate; afterwards the login has ended, or waits for something, or never will end by itself. */
  function enter(
    [run, ...otherRuns]: readonly [Run, ...Run[]],
    lease: RealmLease | undefined,
    entry: (realm: WorkerRealm, timeoutMs: number) => unknown,
  ): void {
    if (entryLock.waitIfLocked(() => run.budget.isEnded || enter([run, ...otherRuns], lease, entry))) return
    if (lease === undefined || lease.isDisposed) {
      endDeadlocked()
      return
    }
    outbox.flushOld(clock.nowMs())
    activeRuns = [run, ...otherRuns]
    let entryResult: unknown
    let errorMessage: string | undefined
    try {
      entryResult = entry(lease.realm, run.budget.startEntry())
    } catch (error) {
      errorMessage = toErrorMessage(error)
    }
    if (entryResult instanceof Promise) void entryLock.lockUntil(entryResult, (message) => endEntry(run, message))
    else endEntry(run, errorMessage)
  }

  function endEntry(run: Run, errorMessage: string | undefined): void {
    run.budget.endEntry()
    activeRuns = []
    if (errorMessage === undefined) onEntryEnd(run)
    else onEntryError(run, errorMessage)
  }

  function onEntryError(run: Run, message: string): void {
    const failure = getTerminationReason(message, limits)
    if (failure !== undefined) {
      // Had the login used up its CPU, its books would be closed. The machine was busy with others, so it runs again.
      if (failure !== 'timeout') run.budget.fail(failure)
      discardIsolate(run)
      onEntryEnd(run)
    } else if (run.budget.isEnded) onEntryEnd(run)
    else abandon(run, toUnhandledRejection(message))
  }

  function onEntryEnd(run: Run): void {
    endOtherRuns()
    if (run.budget.isEnded) end(run)
    else if (run.lease === undefined) requeue(run)
    else {
      if (channel !== undefined) outbox.post({ type: 'waiting', id: run.id })
      armDeadline(run)
      endDeadlocked()
    }
  }

  function endOtherRuns(): void {
    const otherRuns = otherEndedRuns
    otherEndedRuns = []
    for (const otherRun of otherRuns) end(otherRun)
  }

  function armDeadline(run: Run): void {
    clearTimeout(run.deadlineTimer)
    const { ruleMs, loginMs } = run.budget.getDeadlines()
    run.deadlineTimer = setTimeout(() => onDeadline(run), Math.max(0, Math.min(ruleMs, loginMs) - clock.nowMs()))
  }

  /** A login without a callback and with nothing pending anywhere in the isolate can never end. */
  function endDeadlocked(): void {
    if (pendingOps.size > 0 || activeRuns.length > 0 || entryLock.hasWaiters) return
    const deadlockedRun = runs.values().find((run) => run.lease !== undefined)
    if (deadlockedRun !== undefined) abandon(deadlockedRun, createDeadlockFailure(deadlockedRun.budget.currentKind))
  }

  function onDeadline(run: Run): void {
    const { ruleMs, loginMs } = run.budget.getDeadlines()
    const atMs = clock.nowMs()
    if (atMs >= loginMs) {
      run.budget.fail({ code: 'RULE_TIMEOUT', message: `the login's rules took longer than ${run.input.wallMs} ms` })
      end(run)
    } else if (atMs >= ruleMs) {
      abandon(run, { code: 'RULE_TIMEOUT', message: `the rule took longer than ${limits.wallPerRuleMs} ms` })
    } else armDeadline(run)
  }

  /** Ends the rule at work from inside, so that `onError` has its say; a realm that will not have it is broken. */
  function abandon(run: Run, failure: RunFailure): void {
    const ruleIndex = run.budget.completedRules
    if (run.abandonedRuleIndex === ruleIndex) {
      run.budget.fail(failure)
      end(run)
      return
    }
    run.abandonedRuleIndex = ruleIndex
    enter([run], run.lease, (realm, timeoutMs) => realm.abandon(failure.code, failure.message, timeoutMs))
  }

  /** The isolate broke off an entry: what is left of it is not to be trusted. */
  function discardIsolate(causingRun: Run): void {
    realmPool.discard()
    causingRun.lease = undefined
    for (const otherRun of runs.values())
      if (otherRun.lease !== undefined && !otherRun.budget.isEnded) requeue(otherRun)
  }

  function requeue(run: Run): void {
    services.closeConnections(run)
    forgetRun(run, true)
    outbox.post({ type: 'evicted', id: run.id })
  }

  /** Lets go of all that the login still had under way. */
  function forgetRun(run: Run, isAborted: boolean): ClosedOp[] {
    clearTimeout(run.deadlineTimer)
    runs.delete(run.id)
    return pendingOps.removeRun(run, isAborted)
  }

  function notifyClosedConnections(run: Run, closedOps: readonly ClosedOp[]): void {
    // A debugger may hold an entry up, and nobody waits for this one.
    if (closedOps.length === 0 || options.onInspected !== undefined) return
    activeRuns = [run]
    const isIntact = notifyClosed(closedOps)
    activeRuns = []
    if (!isIntact) discardIsolate(run)
    endOtherRuns()
  }

  function end(run: Run): void {
    services.closeConnections(run)
    const result = run.budget.getResult()
    const isFailed = result.status === 'error'
    const closedOps = forgetRun(run, isFailed)
    outbox.post({ type: 'done', id: run.id, ...result })
    // Were the worker lost now, this login could not be run again.
    if (run.hasSideEffects) outbox.flush()
    notifyClosedConnections(run, closedOps)
    if (run.lease !== undefined) realmPool.release(run.lease, isFailed)
    run.lease = undefined
    queue.startNext()
  }

  function start(run: Run): void {
    if (!acquireRealm(run)) {
      end(run)
      return
    }
    enter([run], run.lease, (_, timeoutMs) => {
      const startResult = realmPool.start(run, timeoutMs)
      if (startResult !== 'dirty') return startResult
      run.budget.endEntry() // what a realm takes to start is not the rules' doing
      if (run.lease !== undefined) realmPool.release(run.lease, true)
      return !run.budget.isEnded && acquireRealm(run) ? realmPool.start(run, run.budget.startEntry()) : undefined
    })
  }

  /** Finds a realm for the login; where there is none to be had, the login has failed. */
  function acquireRealm(run: Run): boolean {
    for (let attempt = 1; ; attempt++) {
      try {
        run.lease = realmPool.acquire(run)
        return true
      } catch (error) {
        discardIsolate(run)
        if (!(error instanceof SyntaxError) && attempt === 1) continue
        run.budget.fail(toRealmFailure(error))
        return false
      }
    }
  }

  function settle(op: number, ok: boolean, body: string): void {
    const pendingOp = pendingOps.close(op)
    if (pendingOp === undefined) return
    const [run, ...otherRuns] = pendingOp.waiters
    if (run === undefined) return
    enter([run, ...otherRuns], pendingOp.lease, (realm, timeoutMs) => realm.settle(op, ok, body, timeoutMs))
  }

  return {
    run(input) {
      const run = createRun(input, program, limits, clock)
      runs.add(run.id, run)
      queue.add(run)
      queue.startNext()
    },
    settle,
    get isIdle() {
      return runs.size === 0
    },
    reportCoverage: realmPool.reportCoverage,
    debug: realmPool.debug,
    dispose: () => realmPool.discard(),
  }
}
