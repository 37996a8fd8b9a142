import type { SandboxLimits } from '../../wire/limits.ts'
import { createIdTable } from '../../wire/id-table.ts'
import type { Run, RealmLease } from '../run/run.ts'
import { HostCallError } from '../../net/worker/host-call-error.ts'

/** `socket`: a call whose end is told, since connections end with their login. */
type OpKind = 'timer' | 'call' | 'socket'

/** One piece of work under way in an isolate. */
export interface PendingOp {
  readonly op: number
  readonly kind: OpKind
  /** Whose realm began it: there the answer belongs. */
  readonly lease: RealmLease
  /** Whom it counts for. */
  readonly owner: Run
  /** Those of the isolate's logins that may be waiting for it. */
  readonly waiters: Set<Run>
  /** Gives the work up. */
  stop: () => void
}

/** What the logins of one isolate wait for. */
export interface PendingOps {
  readonly size: number
  /** The number of a new op. Throws a `FetchRefusal` where the payer has as many as it may. */
  open(kind: OpKind, owner: Run, waiters: ReadonlySet<Run>, lease: RealmLease): number
  /** Says how to give an op up. */
  setStop(op: number, stop: () => void): void
  /** The op is answered; undefined where nobody waits for it any more. */
  close(op: number): PendingOp | undefined
  /** Nobody waits for the op any more. */
  cancel(op: number): void
  /**
   * A login is over. What nobody else waits for is forgotten: timers stop, calls that have begun end unheard, unless `all`
   * are to stop. Answers those that are to be told of their end.
   */
  removeRun(run: Run, isAborted: boolean): ClosedOp[]
}

/** An op of a connection that ended with its login. */
export interface ClosedOp {
  readonly op: number
  readonly lease: RealmLease
}

function getCounter(kind: OpKind): 'timer' | 'call' {
  return kind === 'timer' ? kind : 'call'
}

export function createPendingOps(limits: SandboxLimits, allocateOpId: () => number): PendingOps {
  const ops = createIdTable<PendingOp>()
  const maxOps = { timer: limits.maxTimers, call: limits.maxPendingCalls }

  function remove(op: number): PendingOp | undefined {
    const pendingOp = ops.delete(op)
    if (pendingOp === undefined) return undefined
    pendingOp.owner.openOps[getCounter(pendingOp.kind)]--
    return pendingOp
  }

  return {
    get size() {
      return ops.size
    },
    open(kind, owner, waiters, lease) {
      const counter = getCounter(kind)
      if (owner.openOps[counter] >= maxOps[counter]) {
        const label = kind === 'timer' ? 'timers' : 'calls under way'
        throw new HostCallError('LIMIT_EXCEEDED', `a login may have ${maxOps[counter]} ${label} at once`)
      }
      owner.openOps[counter]++
      const op = allocateOpId()
      ops.add(op, { op, kind, lease, owner, waiters: new Set(waiters), stop: () => undefined })
      return op
    },
    setStop(op, stop) {
      const pendingOp = ops.get(op)
      if (pendingOp !== undefined) pendingOp.stop = stop
    },
    close: remove,
    cancel: (op) => remove(op)?.stop(),
    removeRun(run, isAborted) {
      const closedOps: ClosedOp[] = []
      for (const { op, waiters, kind, stop, lease } of ops.values()) {
        if (!waiters.delete(run) || waiters.size > 0) continue
        remove(op)
        if (kind === 'socket') closedOps.push({ op, lease })
        else lease.abandonedOps.push(op)
        if (isAborted || kind === 'timer') stop()
      }
      return closedOps
    },
  }
}
