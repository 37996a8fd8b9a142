import type { EmbedderAnswer } from '../host/embedder-fetch.ts'
import type { ExchangeMessage } from '../../wire/http-exchange.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import { createIdTable } from '../../wire/id-table.ts'
import { HostCallError } from './host-call-error.ts'
import type { HttpTransport } from './http-transport.ts'
import { type RuleFetch, createRuleFetch } from './redirects.ts'
import { createNetworkPolicy } from './network-policy.ts'

/** The `fetch` of rules if the embedder answers every request itself. */
export interface EmbedderFetch {
  readonly fetch: RuleFetch
  /** Delivers an answer; false if the call was not made here. */
  settle(op: number, ok: boolean, body: string): boolean
}

interface EmbedderFetchOptions {
  readonly limits: SandboxLimits
  /** The engine's list of hosts; undefined if every host may be called. */
  readonly hosts: readonly string[] | undefined
  readonly post: (message: FromWorker) => void
  readonly allocateOpId: () => number
}

export function createEmbedderFetch({ limits, hosts, post, allocateOpId }: EmbedderFetchOptions): EmbedderFetch {
  // No connection is made, so every address is allowed.
  const policy = createNetworkPolicy({ allow: ['0.0.0.0/0', '::/0'], ...(hosts === undefined ? {} : { hosts }) })
  const pendingCalls = createIdTable<(ok: boolean, body: string) => void>()

  const sendToEmbedder: HttpTransport = ({ url, method, headers, body }, { runId, signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const op = allocateOpId()
      const onAbort = (): void => {
        pendingCalls.delete(op)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      pendingCalls.add(op, (ok, text) => {
        signal.removeEventListener('abort', onAbort)
        const answer = JSON.parse(text) as EmbedderAnswer
        if ('message' in answer && answer.isVerbatim === true) {
          reject(new HostCallError(answer.code, answer.message))
          return
        }
        if (!ok || 'message' in answer) {
          const { message = 'fetch failed', code } = answer as { readonly message?: string; readonly code?: string }
          // The embedder may refuse a request as the network policy does.
          const isRefusal = code === 'NETWORK_REFUSED'
          reject(isRefusal ? new HostCallError(code, message) : Object.assign(new Error(message), { code }))
          return
        }
        resolve({ ...answer, body: [Buffer.from(answer.body, 'base64')], cancel: async () => undefined })
      })
      const request: ExchangeMessage = {
        url: url.href,
        method,
        headers,
        ...(body === undefined ? {} : { body: body.toString('base64') }),
      }
      post({ type: 'call', id: runId, op, name: 'fetch', body: JSON.stringify(request) })
    })

  return {
    fetch: createRuleFetch(sendToEmbedder, policy, limits),
    settle(op, ok, body) {
      const settleCall = pendingCalls.delete(op)
      settleCall?.(ok, body)
      return settleCall !== undefined
    },
  }
}
