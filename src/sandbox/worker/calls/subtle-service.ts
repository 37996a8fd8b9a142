import pLimit from 'p-limit'
import type { Service } from '../../net/worker/service.ts'
import { estimateSubtle } from '../crypto/subtle-cost.ts'
import { type SubtleInput, runSubtle } from '../crypto/subtle.ts'
import type { Run } from '../run/run.ts'

/** Threads of libuv's pool that WebCrypto may take. The others serve name look-ups and responses. */
const maxConcurrentCalls = 2

/**
 * Creates the service for `crypto.subtle`. The estimated cost of a call is charged to its rule before it starts, because the
 * CPU of another thread cannot be measured by rule. A few calls run at once in a worker, and the others wait in order. A call
 * that still waits when its login ends never starts.
 */
export function createSubtleService(): Service<Run> {
  const limitConcurrency = pLimit(maxConcurrentCalls)
  return ({ input, owner, egress }, settle) => {
    egress.secrets?.assertNotProcessed(input)
    const call = JSON.parse(input) as SubtleInput
    owner.budget.charge(estimateSubtle(call))
    let isStopped = false
    void limitConcurrency(async () => {
      if (isStopped) return
      await runSubtle(call).then(
        (result) => settle(true, JSON.stringify(result)),
        (error: unknown) => settle(false, JSON.stringify(toCryptoFailure(error))),
      )
    })
    return () => {
      isStopped = true
    }
  }
}

/** WebCrypto's errors may have only a name. */
function toCryptoFailure(error: unknown): object {
  const { name, code, message } = error as { readonly name: string; readonly code?: unknown; readonly message: string }
  return { name, message: message === '' ? name : message, ...(typeof code === 'string' ? { code } : {}) }
}
