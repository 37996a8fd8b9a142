import { hungUp } from '../../net/worker/sockets/failure.ts'
import type { CutOp } from './pending.ts'

/** What the code that hears of the end of its connection may take. */
const cutMs = 25

/**
 * Connections end with their login: a pool that is kept on `global` is to know it before the next login asks it for one.
 * False where the isolate broke the code off that heard of it.
 */
export function tellOfCuts(cuts: readonly CutOp[]): boolean {
  for (const { op, seat } of cuts) {
    if (seat.gone) continue
    try {
      void seat.realm.settle(op, false, JSON.stringify(hungUp), cutMs)
    } catch {
      return false
    }
  }
  return true
}
