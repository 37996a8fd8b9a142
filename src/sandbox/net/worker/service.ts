import type { Run } from '../../worker/run/run.ts'

export type Settle = (ok: boolean, body: string) => void

/** An op as a service gets it. */
export interface OpRequest {
  readonly op: number
  readonly input: string
  /** Whom it counts for. */
  readonly owner: Run
  /** Those that may have asked for it. */
  readonly waiters: ReadonlySet<Run>
}

/** Begins the work of an op; answers how to give it up. Throws a `FetchRefusal` where a limit stands against it. */
export type Service = (request: OpRequest, settle: Settle) => () => void
