import { defaultLimits } from '../../wire/limits.ts'
import type { NetworkOptions } from '../../wire/protocol.ts'
import { createGuardedFetch } from '../worker/guarded-fetch.ts'
import { noopHttpRecorder } from '../worker/http-recorder.ts'
import { createNetworkPolicy } from '../worker/network-policy.ts'
import type { RuleFetch } from '../worker/redirects.ts'

/** A GET of the embedder's process. Redirects are answers. */
export type ParentFetch = (url: string, headers: Headers, signal: AbortSignal) => Promise<Response>

interface ParentFetchLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
}

const anyHost = { rule: '', hosts: undefined, secrets: undefined }

/**
 * Creates the `fetch` of the embedder's process for addresses that others configured. Its requests keep to the network policy
 * of rules. It rejects with a `HostCallError` if the policy or a limit refuses one.
 */
export function createParentFetch(network: NetworkOptions, { timeoutMs, maxBytes }: ParentFetchLimits): ParentFetch {
  let guardedFetch: RuleFetch | undefined
  const limits = { ...defaultLimits, requestTimeoutMs: timeoutMs, maxResponseBytes: maxBytes }
  return async (url, headers, signal) => {
    guardedFetch ??= createGuardedFetch(createNetworkPolicy(network), limits, network.proxy)
    const answer = await guardedFetch(
      { url, method: 'GET', headers: [...headers], redirect: 'manual' },
      {
        runId: 0,
        egress: anyHost,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        countBytes: () => undefined,
        recorder: noopHttpRecorder,
      },
    )
    const { status, statusText } = answer
    const body = [204, 205, 304].includes(status) ? null : Buffer.from(answer.body, 'base64')
    return new Response(body, { status, statusText })
  }
}
