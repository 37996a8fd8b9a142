import { HostCallError } from '../../net/worker/host-call-error.ts'
import { createIdTable } from '../../wire/id-table.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { RealmLease, Run } from '../run/run.ts'

/**
 * - `socket`: a call of a connection. A connection ends with its run, and the guest is notified of that.
 * - `work`: work of this process, such as WebCrypto. It has no effect outside, and ends with its run.
 */
export type OpKind = 'timer' | 'call' | 'socket' | 'work'

/** One piece of work under way for an isolate. */
export interface PendingOp {
  readonly op: number
  readonly kind: OpKind
  /** The realm that started it, and gets its answer. */
  readonly lease: RealmLease
  /** The run that is charged for it. */
  readonly owner: Run
  /** The runs that may wait for it. */
  readonly waiters: Set<Run>
  /** Stops the work. */
  stop: () => void
}

/** The ops that the runs of one isolate wait for. */
export interface PendingOps {
  readonly size: number
  /** Returns the id of a new op. Throws a `HostCallError` if the owner has too many. */
  open(kind: OpKind, owner: Run, waiters: ReadonlySet<Run>, lease: RealmLease): number
  /** Sets the function that stops the op's work. */
  setStop(op: number, stop: () => void): void
  /** Removes an op that was answered; undefined if no run waits for it any more. */
  close(op: number): PendingOp | undefined
  /** Removes an op and stops its work: its answer is no longer needed. */
  cancel(op: number): void
  /**
   * Removes a run that is over, and the ops that no other run waits for. Timers and work stop. Calls stop only if `isAborted`;
   * otherwise they go on, and their answers are dropped. Returns the ops of connections: the guest must be notified of their
   * end.
   */
  removeRun(run: Run, isAborted: boolean): ClosedOp[]
}

/** An op of a connection that ended with its run. */
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
        if (isAborted || kind === 'timer' || kind === 'work') stop()
      }
      return closedOps
    },
  }
}
