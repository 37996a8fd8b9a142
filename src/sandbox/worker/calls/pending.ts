import type { SandboxLimits } from '../../wire/limits.ts'
import { createRoster } from '../../wire/roster.ts'
import type { Login, Seat } from '../run/login.ts'
import { FetchRefusal } from '../../net/worker/fetch-refusal.ts'

/** `socket`: a call whose end is told, since connections end with their login. */
type OpKind = 'timer' | 'call' | 'socket'

/** One piece of work under way in an isolate. */
export interface PendingOp {
  readonly op: number
  readonly kind: OpKind
  /** Whose realm began it: there the answer belongs. */
  readonly seat: Seat
  /** Whom it counts for. */
  readonly payer: Login
  /** Those of the isolate's logins that may be waiting for it. */
  readonly waiting: Set<Login>
  /** Gives the work up. */
  stop: () => void
}

/** What the logins of one isolate wait for. */
export interface PendingOps {
  readonly size: number
  /** The number of a new op. Throws a `FetchRefusal` where the payer has as many as it may. */
  open(kind: OpKind, payer: Login, waiting: ReadonlySet<Login>, seat: Seat): number
  /** Says how to give an op up. */
  onStop(op: number, stop: () => void): void
  /** The op is answered; undefined where nobody waits for it any more. */
  close(op: number): PendingOp | undefined
  /** Nobody waits for the op any more. */
  cancel(op: number): void
  /**
   * A login is over. What nobody else waits for is forgotten: timers stop, calls that have begun end unheard, unless `all`
   * are to stop. Answers those that are to be told of their end.
   */
  leave(login: Login, all: boolean): CutOp[]
}

/** An op of a connection that ended with its login. */
export interface CutOp {
  readonly op: number
  readonly seat: Seat
}

function counterOf(kind: OpKind): 'timer' | 'call' {
  return kind === 'timer' ? kind : 'call'
}

export function createPendingOps(limits: SandboxLimits, nextOp: () => number): PendingOps {
  const ops = createRoster<PendingOp>()
  const most = { timer: limits.maxTimers, call: limits.maxPendingCalls }

  function remove(op: number): PendingOp | undefined {
    const found = ops.take(op)
    if (found === undefined) return undefined
    found.payer.opsUnderWay[counterOf(found.kind)]--
    return found
  }

  return {
    get size() {
      return ops.size
    },
    open(kind, payer, waiting, seat) {
      const counter = counterOf(kind)
      if (payer.opsUnderWay[counter] >= most[counter]) {
        const what = kind === 'timer' ? 'timers' : 'calls under way'
        throw new FetchRefusal('LIMIT_EXCEEDED', `a login may have ${most[counter]} ${what} at once`)
      }
      payer.opsUnderWay[counter]++
      const op = nextOp()
      ops.add(op, { op, kind, seat, payer, waiting: new Set(waiting), stop: () => undefined })
      return op
    },
    onStop(op, stop) {
      const found = ops.get(op)
      if (found !== undefined) found.stop = stop
    },
    close: remove,
    cancel: (op) => remove(op)?.stop(),
    leave(login, all) {
      const cut: CutOp[] = []
      for (const { op, waiting, kind, stop, seat } of ops.values()) {
        if (!waiting.delete(login) || waiting.size > 0) continue
        remove(op)
        if (kind === 'socket') cut.push({ op, seat })
        else seat.stale.push(op)
        if (all || kind === 'timer') stop()
      }
      return cut
    },
  }
}
