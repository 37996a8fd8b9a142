import type { Run } from '../run/run.ts'
import type { WorkerRealm } from './worker-realm.ts'

/** A realm of an isolate, and the run that has it. */
export interface RealmLease {
  readonly realm: WorkerRealm
  /** No other run gets the realm meanwhile. */
  run: Run | undefined
  /** Ops that were begun in this realm and will never be answered: the realm may forget them. */
  abandonedOps: number[]
  /** The realm will not be used again. */
  isDisposed: boolean
  /** Its code has opened connections, and may keep clients that use them on `global`. */
  hasOpenedConnections: boolean
}
