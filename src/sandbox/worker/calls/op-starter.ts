import type { RuleEgress } from '../../net/worker/outbound-run.ts'
import type { RealmLease, Run } from '../run/run.ts'
import type { HostService, HostServices } from './host-services.ts'
import type { OpKind, PendingOps } from './pending-ops.ts'

export interface OpStarterOptions {
  readonly getActiveRuns: () => readonly Run[]
  readonly services: HostServices
  readonly pendingOps: PendingOps
  /** Brings the answer of an op into the isolate. */
  readonly settleOp: (op: number, ok: boolean, body: string) => void
  /** Called if code of a disposed realm asks for an op. */
  readonly onDisposedRealm: () => void
}

/** A guest's call for an op, from one realm. */
export interface OpCall {
  readonly lease: RealmLease
  readonly name: string
  readonly input: string
}

/** Starts the ops that the guest asks for. */
export interface OpStarter {
  /** Starts an op for every run that may wait for it. The first run whose limits allow it is charged. Returns the op's id. */
  start(call: OpCall): number
  /** Starts an op that is charged to `owner`. */
  startFor(owner: Run, waiters: ReadonlySet<Run>, call: OpCall): number
}

export function createOpStarter(options: OpStarterOptions): OpStarter {
  const { getActiveRuns, services, pendingOps, settleOp, onDisposedRealm } = options

  function start(call: OpCall): number {
    const { lease, name } = call
    if (lease.isDisposed) {
      onDisposedRealm()
      throw new Error('a value on global belongs to a login that failed, and its realm is gone: create the value again')
    }
    if (name === 'socket.connect') lease.hasOpenedConnections = true
    const waiters = new Set([lease.run, ...getActiveRuns()].filter(isUnderWay))
    let firstError: unknown
    for (const owner of waiters) {
      try {
        return startFor(owner, waiters, call)
      } catch (error) {
        firstError ??= error
      }
    }
    throw firstError
  }

  /**
   * What the rule that asks may reach. Rules of one login run one after the other, so it is the current rule of the run whose
   * entry is under way, also for late work of a rule before it. What a function on `global` does is attributed to the rule
   * that calls it, and what a promise there does to the rule that was entered when it settled. Which rule wrote the code
   * cannot be known.
   */
  const getEgress = (owner: Run): RuleEgress => (getActiveRuns()[0] ?? owner).egress

  function startFor(owner: Run, waiters: ReadonlySet<Run>, { lease, name, input }: OpCall): number {
    if (name === 'fetch') getActiveRuns()[0]?.runUnmetered(services.preloadHttpClient)
    const op = pendingOps.open(getOpKind(name), owner, waiters, lease)
    try {
      const startWork = getService(services, name)
      pendingOps.setStop(
        op,
        startWork({ op, input, owner, waiters, egress: getEgress(owner) }, (ok, body) => settleOp(op, ok, body)),
      )
    } catch (error) {
      pendingOps.cancel(op)
      throw error
    }
    if (name !== 'timer' && name !== 'subtle') for (const run of waiters) services.markSideEffect(run)
    return op
  }

  return { start, startFor }
}

function getService(services: HostServices, name: string): HostService {
  if (name === 'timer' || name === 'fetch' || name === 'subtle') return services[name]
  return isSocketOp(name) ? services.getSocketService(name) : services.getParentService(name)
}

function getOpKind(name: string): OpKind {
  if (name === 'timer') return name
  if (name === 'subtle') return 'work'
  return isSocketOp(name) ? 'socket' : 'call'
}

export function isSocketOp(name: string): boolean {
  return name.startsWith('socket.')
}

/** Whether there is a run, and its result is not known yet. */
export function isUnderWay(run: Run | undefined): run is Run {
  return run !== undefined && !run.isFinished
}
