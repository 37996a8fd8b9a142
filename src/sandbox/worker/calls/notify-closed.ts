import { runEndedFailure } from '../../net/worker/sockets/connection-failure.ts'
import type { ClosedOp } from './pending-ops.ts'

/** What the code that hears of the end of its connection may take. */
const notifyTimeoutMs = 25

/**
 * Connections end with their login: a pool that is kept on `global` is to know it before the next login asks it for one.
 * False where the isolate broke the code off that heard of it.
 */
export function notifyClosed(closedOps: readonly ClosedOp[]): boolean {
  for (const { op, lease } of closedOps) {
    if (lease.isDisposed) continue
    try {
      void lease.realm.settle(op, false, JSON.stringify(runEndedFailure), notifyTimeoutMs)
    } catch {
      return false
    }
  }
  return true
}
