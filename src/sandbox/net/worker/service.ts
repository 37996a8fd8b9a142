import type { OutboundRun, RuleEgress } from './outbound-run.ts'

export type Settle = (ok: boolean, body: string) => void

/** An op as a service gets it. */
export interface OpRequest<Run extends OutboundRun = OutboundRun> {
  readonly op: number
  readonly input: string
  /** The run that is charged for it. */
  readonly owner: Run
  /** The runs that may have asked for it. */
  readonly waiters: ReadonlySet<Run>
  /** That of the rule that asked for it. */
  readonly egress: RuleEgress
}

/** Starts the work of an op; returns a function that stops it. Throws a `HostCallError` if a limit forbids it. */
export type Service<Run extends OutboundRun = OutboundRun> = (request: OpRequest<Run>, settle: Settle) => () => void
