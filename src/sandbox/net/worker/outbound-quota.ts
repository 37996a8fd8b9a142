import type { SandboxLimits } from '../../wire/limits.ts'
import { HostCallError } from './host-call-error.ts'
import type { OutboundRun } from './outbound-run.ts'

/** Counts what runs send and receive. Each function throws a `HostCallError` if the run exceeds a limit. */
export interface OutboundQuota {
  /** A request or a connection begins. */
  open(run: OutboundRun): void
  close(run: OutboundRun): void
  /** The run has received this many bytes more. */
  countBytes(run: OutboundRun, bytes: number): void
}

export function createOutboundQuota(limits: SandboxLimits): OutboundQuota {
  return {
    open(run) {
      if (run.requestCount >= limits.maxRequests) {
        throw new HostCallError('LIMIT_EXCEEDED', `a login may make ${limits.maxRequests} requests`)
      }
      if (run.openRequests >= limits.maxConcurrentRequests) {
        throw new HostCallError(
          'LIMIT_EXCEEDED',
          `a login may have ${limits.maxConcurrentRequests} requests under way at once`,
        )
      }
      run.requestCount++
      run.openRequests++
    },
    close(run) {
      run.openRequests--
    },
    countBytes(run, bytes) {
      run.responseBytes += bytes
      if (run.responseBytes > limits.maxResponseBytesPerLogin) {
        throw new HostCallError(
          'LIMIT_EXCEEDED',
          `the answers to one login may hold ${limits.maxResponseBytesPerLogin} bytes`,
        )
      }
    },
  }
}
