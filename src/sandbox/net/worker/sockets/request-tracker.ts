import type { RequestRecord } from '../../../wire/records.ts'
import type { OutboundRun } from '../outbound-run.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { ConnectionFailure } from './connection-failure.ts'

/** Counts the requests of rules over their sockets, and records them in the trace. */
export interface RequestTracker {
  /** A request begins, and counts until it is closed. Throws a `HostCallError` if the run has made too many. */
  open(owner: OutboundRun, request: Pick<RequestRecord, 'method' | 'url'>): TrackedRequest
}

export interface TrackedRequest {
  /** Only the first call counts. */
  close(failure?: ConnectionFailure): void
}

export function createRequestTracker(quota: OutboundQuota, nowMs: () => number): RequestTracker {
  return {
    open(owner, request) {
      quota.open(owner)
      const startedAtMs = nowMs()
      const record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] } = { ...request, durationMs: 0 }
      owner.recordRequest(record)
      let isOpen = true
      return {
        close(failure) {
          if (!isOpen) return
          isOpen = false
          quota.close(owner)
          record.durationMs = Math.round(nowMs() - startedAtMs)
          if (failure !== undefined) record.error = failure.message
        },
      }
    },
  }
}
