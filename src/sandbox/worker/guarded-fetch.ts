import { Agent, type Response, fetch, request as send } from 'undici'
import type { WireRequest, WireResponse } from '../guest/fetch.ts'
import type { SandboxLimits } from '../limits.ts'
import { FetchRefusal, createGuardedConnector } from './guarded-connector.ts'
import type { NetworkPolicy } from './network-policy.ts'

export interface FetchCall {
  readonly signal: AbortSignal
  /** Called as decoded bytes arrive; throws where the login has had its share. */
  readonly count: (bytes: number) => void
}

export type GuardedFetch = (request: WireRequest, call: FetchCall) => Promise<WireResponse>

/** Headers that frame the message or name the next hop: the client sets them, a rule may not (Fetch standard, forbidden headers). */
const clientHeaders =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|via|proxy-.*|sec-.*)$/i
const credentialHeaders = /^(?:authorization|cookie|proxy-authorization)$/i

/** Makes the `fetch` of rules: every address is checked before and after connecting, every redirect again, every byte counted. */
export function createGuardedFetch(policy: NetworkPolicy, limits: SandboxLimits): GuardedFetch {
  const agent = new Agent({
    connect: createGuardedConnector(policy, limits.requestTimeoutMs),
    headersTimeout: limits.requestTimeoutMs,
  })

  function assertAllowed(url: URL): void {
    const refusal = policy.refuseUrl(url)
    if (refusal !== undefined) throw new FetchRefusal('NETWORK_REFUSED', `fetch to ${url.host} refused: ${refusal}`)
  }

  /** One exchange of messages as they are. A client that follows redirects itself asks again, and is checked again. */
  async function exchange(request: WireRequest, call: FetchCall): Promise<WireResponse> {
    const url = parseUrl(request.url)
    assertAllowed(url)
    const { statusCode, statusText, headers, body } = await send(url, {
      method: request.method as 'GET',
      headers: request.headers.filter(([name]) => !clientHeaders.test(name)).flat(),
      body: request.body === undefined ? null : Buffer.from(request.body, 'base64'),
      dispatcher: agent,
      signal: call.signal,
      responseHeaders: 'raw',
    })
    return {
      url: url.href,
      status: statusCode,
      statusText,
      headers: pairsOf(headers as unknown as readonly string[]),
      redirected: false,
      body: await readBody(body, url, call),
    }
  }

  async function follow(request: WireRequest, call: FetchCall): Promise<WireResponse> {
    let url = parseUrl(request.url)
    let { method, body } = request
    let headers = request.headers.filter(([name]) => !clientHeaders.test(name))
    for (let hops = 0; ; hops++) {
      assertAllowed(url)
      const response = await fetch(url, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        body: body === undefined ? null : Buffer.from(body, 'base64'),
        redirect: 'manual',
        dispatcher: agent,
        signal: call.signal,
      })
      const next = redirectOf(response, url)
      if (next === undefined || request.redirect === 'manual') return readResponse(response, url, hops > 0, call)
      await response.body?.cancel()
      if (request.redirect === 'error') throw new Error(`${url.host} answered with a redirect`)
      if (hops >= limits.maxRedirects)
        throw new FetchRefusal('LIMIT_EXCEEDED', `more than ${limits.maxRedirects} redirects`)
      if (next.origin !== url.origin) headers = headers.filter(([name]) => !credentialHeaders.test(name))
      if (response.status === 303 || (method === 'POST' && response.status < 303)) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        body = undefined
        headers = headers.filter(([name]) => !/^content-/i.test(name))
      }
      url = next
    }
  }

  async function readResponse(
    response: Response,
    url: URL,
    redirected: boolean,
    call: FetchCall,
  ): Promise<WireResponse> {
    const { status, statusText } = response
    const body = await readBody(response.body ?? [], url, call)
    return { url: url.href, status, statusText, headers: [...response.headers], redirected, body }
  }

  /** All of a body in base64, counted as it comes. */
  async function readBody(
    source: AsyncIterable<unknown> | Iterable<unknown>,
    url: URL,
    call: FetchCall,
  ): Promise<string> {
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

  return (request, call) => (request.raw === true ? exchange(request, call) : follow(request, call))
}

/** Raw headers come as one list: name, value, name, value. */
function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []))
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`Failed to parse URL from ${text.slice(0, 200)}`)
  return new URL(text)
}

function redirectOf(response: Response, from: URL): URL | undefined {
  const location = response.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return undefined
  if (!URL.canParse(location, from.href)) throw new Error(`${from.host} redirects to an address that is no URL`)
  return new URL(location, from)
}
