import type { HttpRequest, HttpResponse } from './http-message.ts'
import type { HttpRecorder } from './http-recorder.ts'
import type { RuleEgress } from './outbound-run.ts'

export interface FetchCall {
  /** The run that sends the request. */
  readonly runId: number
  /** That of the rule that sends the request. */
  readonly egress: RuleEgress
  readonly signal: AbortSignal
  /** Called as decoded bytes arrive; throws a `HostCallError` if the run has received too many. */
  readonly countBytes: (bytes: number) => void
  /** Gets every message and its answer. */
  readonly recorder: HttpRecorder
}

/** Sends one message and returns its answer. A redirect is an answer. */
export type HttpTransport = (message: HttpRequest, call: FetchCall) => Promise<HttpResponse>
