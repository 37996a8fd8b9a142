import type { EmbedderAnswer } from '../host/embedder-fetch.ts'
import type { ExchangeMessage } from '../../wire/exchange.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import { createRoster } from '../../wire/roster.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { type Exchange, type RuleFetch, createRuleFetch } from './follow.ts'
import { createNetworkPolicy } from './network-policy.ts'

/** The `fetch` of rules where the embedder answers every request itself. */
export interface EmbedderFetch {
  readonly fetch: RuleFetch
  /** Brings an answer; false where the call was not made here. */
  answer(op: number, ok: boolean, body: string): boolean
}

interface EmbedderFetchOptions {
  readonly limits: SandboxLimits
  readonly post: (message: FromWorker) => void
  readonly nextOp: () => number
}

/** No connection is made, so no address is private. */
const everyAddress = createNetworkPolicy({ allow: ['0.0.0.0/0', '::/0'] })

export function createEmbedderFetch({ limits, post, nextOp }: EmbedderFetchOptions): EmbedderFetch {
  const waiting = createRoster<(ok: boolean, body: string) => void>()

  const exchange: Exchange = ({ url, method, headers, body }, { login, signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const op = nextOp()
      const giveUp = (): void => {
        waiting.take(op)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.add(op, (ok, text) => {
        signal.removeEventListener('abort', giveUp)
        const answer = JSON.parse(text) as EmbedderAnswer
        if ('message' in answer && answer.asIs === true) {
          reject(new FetchRefusal(answer.code, answer.message))
          return
        }
        if (!ok || 'message' in answer) {
          const { message = 'fetch failed', code } = answer as { readonly message?: string; readonly code?: string }
          // Who answers in the network's place may refuse as it does.
          const isRefusal = code === 'NETWORK_REFUSED'
          reject(isRefusal ? new FetchRefusal(code, message) : Object.assign(new Error(message), { code }))
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
      post({ type: 'call', id: login, op, name: 'fetch', body: JSON.stringify(request) })
    })

  return {
    fetch: createRuleFetch(exchange, everyAddress, limits),
    answer(op, ok, body) {
      const take = waiting.take(op)
      take?.(ok, body)
      return take !== undefined
    },
  }
}
