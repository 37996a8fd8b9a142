import type { GuestResult } from '../../wire/guest-contract.ts'
import { HostCallError } from '../../net/worker/host-call-error.ts'
import type { HostBridgeCallback } from '../isolate/isolate.ts'
import type { Run, RealmLease } from '../run/run.ts'
import type { PendingOps } from './pending-ops.ts'
import type { Service } from '../../net/worker/service.ts'
import type { HostServices } from './host-services.ts'

/** Brings the answer of an op back into the isolate. */
export type SettleOp = (op: number, ok: boolean, body: string) => void

/** The host's side of the door between the worker and the realm of a seat. */
export type HostBridge = (lease: RealmLease) => HostBridgeCallback

type HostCallResult = string | number | undefined

export interface HostBridgeOptions {
  /** The logins that may be the ones being run at the moment, the likeliest first. */
  readonly getActiveRuns: () => readonly Run[]
  readonly services: HostServices
  /** Answers at once; throws where the input is bad. */
  readonly ask: (name: string, input: string, run: Run | undefined) => string
  /** Asks the test that runs a rule, and waits; absent where there is none. */
  readonly askTest?: ((run: Run, body: string) => string) | undefined
  readonly pendingOps: PendingOps
  readonly settleOp: SettleOp
  /** A login ended while another one was being run. */
  readonly onRunEnd: (run: Run) => void
  /** Code of a realm that is gone asks for something. */
  readonly onDisposedRealm: () => void
}

/**
 * Serves the realms of one isolate. Rules can share promises and functions on `global`, so what runs in one login's turn
 * may be another login's code: how a rule ended is always told of the login that has the realm it is told from. Work that
 * is asked for may be awaited by that login, or by the one being run, and nobody can say which: it is done for both.
 */
export function createHostBridge({
  getActiveRuns,
  services,
  ask,
  askTest,
  pendingOps,
  settleOp,
  onRunEnd,
  onDisposedRealm,
}: HostBridgeOptions): HostBridge {
  function beginOp(lease: RealmLease, name: string, input: string): number {
    if (lease.isDisposed) {
      onDisposedRealm()
      throw new Error('what is used here was kept on global by a login that failed, and its realm is gone')
    }
    if (name === 'socket.connect') lease.hasOpenedConnections = true
    const waiters = new Set([lease.run, ...getActiveRuns()].filter(isRunning))
    let firstError: unknown
    for (const owner of waiters) {
      try {
        return beginOpFor(owner, waiters, { lease, name, input })
      } catch (error) {
        firstError ??= error
      }
    }
    throw firstError
  }

  function beginOpFor(
    owner: Run,
    waiters: ReadonlySet<Run>,
    request: { lease: RealmLease; name: string; input: string },
  ): number {
    const { lease, name, input } = request
    if (name === 'fetch') runUnmetered(services.preloadHttpClient)
    const op = pendingOps.open(getOpKind(name), owner, waiters, lease)
    try {
      pendingOps.setStop(
        op,
        getService(name)({ op, input, owner, waiters }, (ok, body) => settleOp(op, ok, body)),
      )
    } catch (error) {
      pendingOps.cancel(op)
      throw error
    }
    if (name !== 'timer' && name !== 'subtle') for (const run of waiters) services.markSideEffect(run)
    return op
  }

  /** What the worker has to do for itself is no work of the rule that is running. */
  function runUnmetered(work: () => void): void {
    const [owner] = getActiveRuns()
    owner?.budget.endEntry()
    work()
    owner?.budget.startEntry()
  }

  function getService(name: string): Service {
    if (name === 'timer' || name === 'fetch' || name === 'subtle') return services[name]
    return isSocketOp(name) ? services.getSocketService(name) : services.getParentService(name)
  }

  /** Clients send in a later turn: what a last rule has told to go, and does not wait for, comes when its login is over. */
  function canStillFetch(run: Run | undefined): run is Run {
    return run?.budget.hasSucceeded === true && getActiveRuns().includes(run)
  }

  const calls: Readonly<
    Record<string, (lease: RealmLease, a: string | number, b: string, c?: string) => HostCallResult>
  > = {
    report: ({ run }, _, report) => run?.budget.reportRule(report) ?? undefined,
    finish({ run }, after, result, report = '') {
      if (report !== '') run?.budget.reportRule(report)
      run?.budget.finish(String(after), result === '' ? successResult : (JSON.parse(result) as GuestResult))
      return undefined
    },
    log({ run }, level, line) {
      const activeRun = isRunning(run) ? run : getActiveRuns().find(isRunning)
      activeRun?.budget.log(String(level), line)
      return undefined
    },
    op: (lease, name, input) => beginOp(lease, String(name), input),
    cancel: (_, op) => pendingOps.cancel(Number(op)) ?? undefined,
    ask({ run }, name, input) {
      const activeRun = isRunning(run) ? run : getActiveRuns().find(isRunning)
      // An entry's timeout does not run while the host works, so the host looks itself.
      if (activeRun?.budget.isExhausted() === true)
        throw new HostCallError('LIMIT_EXCEEDED', 'the rule has used up its CPU')
      if (isSocketOp(String(name))) {
        return services.callSocketSync(String(name), input, [run, ...getActiveRuns()].filter(isRunning))
      }
      if (name !== 'stub' || activeRun === undefined || askTest === undefined)
        return ask(String(name), input, activeRun)
      services.markSideEffect(activeRun)
      // What the test does meanwhile is not the rule's doing.
      activeRun.budget.endEntry()
      const answer = askTest(activeRun, input)
      activeRun.budget.startEntry()
      return answer
    },
  }

  return (lease) => (call, a, b, c) => {
    const { run } = lease
    const wasRunning = isRunning(run)
    try {
      if (!wasRunning && canStillFetch(run) && call === 'op' && a === 'fetch') {
        return beginOpFor(run, new Set([run]), { lease, name: a, input: b })
      }
      if (!wasRunning && !getActiveRuns().some(isRunning)) return encodeError(new Error('the login is over'))
      return calls[call]?.(lease, a, b, c)
    } catch (error) {
      return encodeError(error)
    } finally {
      if (wasRunning && run.budget.isEnded && run !== getActiveRuns()[0]) onRunEnd(run)
    }
  }
}

/** How a login ends as a rule. */
const successResult: GuestResult = { status: 'ok', isDelta: true }

function getOpKind(name: string): 'timer' | 'call' | 'socket' {
  if (name === 'timer') return name
  return isSocketOp(name) ? 'socket' : 'call'
}

function isSocketOp(name: string): boolean {
  return name.startsWith('socket.')
}

function isRunning(run: Run | undefined): run is Run {
  return run !== undefined && !run.budget.isEnded
}

/** An error as text, since nothing may be thrown into an isolate: the guest makes one of its own from it. */
export function encodeError(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message: string }
  return `!${JSON.stringify({ ...(name === 'TypeError' ? { name } : {}), ...(code === undefined ? {} : { code }), message })}`
}
