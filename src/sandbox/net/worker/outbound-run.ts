import type { RequestRecord } from '../../wire/records.ts'

/** A run of rules, as far as the network side needs it: its counters, and its record of requests. */
export interface OutboundRun {
  /** Its rules have come to their end. */
  readonly isFinished: boolean
  /** Requests and connections so far. */
  requestCount: number
  /** Requests and connections under way. */
  openRequests: number
  responseBytes: number
  recordRequest(record: RequestRecord): void
}
