import type { RequestRecord } from '../../../wire/records.ts'
import type { Run } from '../../../worker/run/run.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { ConnectionFailure } from './connection-failure.ts'

/** Counts what logins do over their sockets, and writes it into the trace. */
export interface RequestTracker {
  /** Something begins that counts until it is closed. Throws a `FetchRefusal` where the login has had its share. */
  open(owner: Run, request: Pick<RequestRecord, 'method' | 'url'>): TrackedRequest
}

export interface TrackedRequest {
  /** The first time counts. */
  close(failure?: ConnectionFailure): void
}

export function createRequestTracker(quota: OutboundQuota, nowMs: () => number): RequestTracker {
  return {
    open(owner, request) {
      quota.open(owner)
      const startedAtMs = nowMs()
      const record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] } = { ...request, durationMs: 0 }
      owner.budget.recordRequest(record)
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
