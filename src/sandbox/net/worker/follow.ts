import type { WireRequest, WireResponse } from '../../guest/web/fetch.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { ExchangeTeller } from './exchange-teller.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import type { NetworkPolicy } from './network-policy.ts'

export interface FetchCall {
  /** The login that asks. */
  readonly login: number
  readonly signal: AbortSignal
  /** Called as decoded bytes arrive; throws where the login has had its share. */
  readonly count: (bytes: number) => void
  /** Hears what is sent and what comes back. */
  readonly teller: ExchangeTeller
}

export type RuleFetch = (request: WireRequest, call: FetchCall) => Promise<WireResponse>

/** One message and its answer, whoever carries them; redirects are answers too. */
export type Exchange = (message: Message, call: FetchCall) => Promise<MessageAnswer>

export interface Message {
  readonly url: URL
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body: Buffer | undefined
  /** Nothing is to be decoded or added. */
  readonly raw: boolean
}

export interface MessageAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: AsyncIterable<unknown> | Iterable<unknown>
  /** Lets go of a body that nobody will read. */
  cancel(): Promise<void>
}

/** Headers that frame the message or name the next hop: the client sets them, a rule may not (Fetch standard, forbidden headers). */
const clientHeaders =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|via|proxy-.*|sec-.*)$/i
const credentialHeaders = /^(?:authorization|cookie|proxy-authorization)$/i

/** Makes the `fetch` of rules of one exchange after another: every redirect is checked again, every byte counted. */
export function createRuleFetch(exchange: Exchange, policy: NetworkPolicy, limits: SandboxLimits): RuleFetch {
  function assertAllowed(url: URL): void {
    const refusal = policy.refuseUrl(url)
    if (refusal !== undefined) throw new FetchRefusal('NETWORK_REFUSED', `fetch to ${url.host} refused: ${refusal}`)
  }

  async function readAnswer(
    answer: MessageAnswer,
    url: URL,
    redirected: boolean,
    call: FetchCall,
  ): Promise<WireResponse> {
    const { status, statusText, headers } = answer
    return { url: url.href, status, statusText, headers, redirected, body: await readBody(answer.body, url, call) }
  }

  /** All of a body in base64, counted as it comes. */
  async function readBody(source: MessageAnswer['body'], url: URL, call: FetchCall): Promise<string> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of source) {
      const bytes = chunk as Uint8Array
      size += bytes.length
      if (size > limits.maxResponseBytes) {
        throw new FetchRefusal(
          'LIMIT_EXCEEDED',
          `the answer of ${url.host} is larger than ${limits.maxResponseBytes} bytes`,
        )
      }
      call.count(bytes.length)
      chunks.push(bytes)
    }
    return Buffer.concat(chunks).toString('base64')
  }

  return async (request, call) => {
    const raw = request.raw === true
    let url = parseUrl(request.url)
    let { method } = request
    let body = request.body === undefined ? undefined : Buffer.from(request.body, 'base64')
    let headers = request.headers.filter(([name]) => !clientHeaders.test(name))
    for (let hops = 0; ; hops++) {
      const message = { url, method, headers, body, raw }
      call.teller.sends(message)
      assertAllowed(url)
      const answer = await exchange(message, call)
      // A client that follows redirects itself asks again, and is checked again.
      const next = raw || request.redirect === 'manual' ? undefined : redirectOf(answer, url)
      if (next === undefined) {
        const response = await readAnswer(answer, url, hops > 0, call)
        call.teller.gets(response, response.body)
        return response
      }
      await answer.cancel()
      call.teller.gets(answer, '')
      if (request.redirect === 'error') throw new Error(`${url.host} answered with a redirect`)
      if (hops >= limits.maxRedirects)
        throw new FetchRefusal('LIMIT_EXCEEDED', `more than ${limits.maxRedirects} redirects`)
      if (next.origin !== url.origin) headers = headers.filter(([name]) => !credentialHeaders.test(name))
      if (answer.status === 303 || (method === 'POST' && answer.status < 303)) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        body = undefined
        headers = headers.filter(([name]) => !/^content-/i.test(name))
      }
      url = next
    }
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`Failed to parse URL from ${text.slice(0, 200)}`)
  return new URL(text)
}

function redirectOf({ status, headers }: MessageAnswer, from: URL): URL | undefined {
  const [, location] = headers.find(([name]) => name.toLowerCase() === 'location') ?? []
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  if (!URL.canParse(location, from.href)) throw new Error(`${from.host} redirects to an address that is no URL`)
  return new URL(location, from)
}
