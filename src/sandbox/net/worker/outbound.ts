import type { SandboxLimits } from '../../wire/limits.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import type { Login } from '../../worker/run/login.ts'

/** Counts what logins do outside; each function throws a `FetchRefusal` where a login has had its share. */
export interface Outbound {
  /** A request or a connection begins. */
  open(login: Login): void
  close(login: Login): void
  /** Bytes have come for the login. */
  received(login: Login, bytes: number): void
}

export function createOutbound(limits: SandboxLimits): Outbound {
  return {
    open(login) {
      if (login.requests >= limits.maxRequests) {
        throw new FetchRefusal('LIMIT_EXCEEDED', `a login may make ${limits.maxRequests} requests`)
      }
      if (login.requestsUnderWay >= limits.maxConcurrentRequests) {
        throw new FetchRefusal(
          'LIMIT_EXCEEDED',
          `a login may have ${limits.maxConcurrentRequests} requests under way at once`,
        )
      }
      login.requests++
      login.requestsUnderWay++
    },
    close(login) {
      login.requestsUnderWay--
    },
    received(login, bytes) {
      login.responseBytes += bytes
      if (login.responseBytes > limits.maxResponseBytesPerLogin) {
        throw new FetchRefusal(
          'LIMIT_EXCEEDED',
          `the answers to one login may hold ${limits.maxResponseBytesPerLogin} bytes`,
        )
      }
    },
  }
}
