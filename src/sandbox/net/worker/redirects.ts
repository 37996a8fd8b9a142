import type { WireRequest, WireResponse } from '../../wire/fetch-messages.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { HttpResponse } from './http-message.ts'
import type { FetchCall, HttpTransport } from './http-transport.ts'
import { HostCallError } from './host-call-error.ts'
import type { NetworkPolicy } from './network-policy.ts'
import type { RuleEgress } from './outbound-run.ts'
import { withHostSecrets } from './secrets/secret-transport.ts'
import { getHost, getPort } from './url-parts.ts'

export type RuleFetch = (request: WireRequest, call: FetchCall) => Promise<WireResponse>

/** Headers that frame the message or name the next hop: the client sets them, a rule may not (Fetch standard, forbidden headers). */
const forbiddenHeaders =
  /^(?:host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|via|proxy-.*|sec-.*)$/i
const credentialHeaders = /^(?:authorization|cookie|proxy-authorization)$/i

/** Creates the `fetch` of rules. Every redirect is checked again, and every byte is counted. */
export function createRuleFetch(transport: HttpTransport, policy: NetworkPolicy, limits: SandboxLimits): RuleFetch {
  const sendMessage = withHostSecrets(transport, limits)

  function assertAllowed(url: URL, egress: RuleEgress): void {
    const reason = policy.checkUrl(url) ?? policy.checkHost(getHost(url), getPort(url), egress)
    if (reason !== undefined) throw new HostCallError('NETWORK_REFUSED', `fetch to ${url.host} refused: ${reason}`)
  }

  async function readResponse(
    response: HttpResponse,
    url: URL,
    redirected: boolean,
    call: FetchCall,
  ): Promise<WireResponse> {
    const { status, statusText, headers } = response
    return { url: url.href, status, statusText, headers, redirected, body: await readBody(response.body, url, call) }
  }

  /** Reads a whole body as base64, and counts it as it arrives. */
  async function readBody(source: HttpResponse['body'], url: URL, call: FetchCall): Promise<string> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of source) {
      const bytes = chunk as Uint8Array
      size += bytes.length
      if (size > limits.maxResponseBytes) {
        throw new HostCallError(
          'LIMIT_EXCEEDED',
          `the answer of ${url.host} is larger than ${limits.maxResponseBytes} bytes`,
        )
      }
      call.countBytes(bytes.length)
      chunks.push(bytes)
    }
    return Buffer.concat(chunks).toString('base64')
  }

  return async (request, call) => {
    const raw = request.raw === true
    let url = parseUrl(request.url)
    let { method } = request
    let body = request.body === undefined ? undefined : Buffer.from(request.body, 'base64')
    let headers = request.headers.filter(([name]) => !forbiddenHeaders.test(name))
    for (let hops = 0; ; hops++) {
      const message = { url, method, headers, body, raw }
      call.recorder.recordRequest(message)
      assertAllowed(url, call.egress)
      const response = await sendMessage(message, call)
      // A client that follows redirects itself sends another request, which is checked again.
      const redirectUrl = raw || request.redirect === 'manual' ? undefined : parseRedirect(response, url)
      if (redirectUrl === undefined) {
        const wireResponse = await readResponse(response, url, hops > 0, call)
        call.recorder.recordResponse(wireResponse, wireResponse.body)
        return wireResponse
      }
      await response.cancel()
      call.recorder.recordResponse(response, '')
      if (request.redirect === 'error') throw new Error(`${url.host} answered with a redirect`)
      if (hops >= limits.maxRedirects)
        throw new HostCallError('LIMIT_EXCEEDED', `more than ${limits.maxRedirects} redirects`)
      if (redirectUrl.origin !== url.origin) headers = headers.filter(([name]) => !credentialHeaders.test(name))
      if (response.status === 303 || (method === 'POST' && response.status < 303)) {
        method = method === 'HEAD' ? 'HEAD' : 'GET'
        body = undefined
        headers = headers.filter(([name]) => !/^content-/i.test(name))
      }
      url = redirectUrl
    }
  }
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`Failed to parse URL from ${text.slice(0, 200)}`)
  return new URL(text)
}

function parseRedirect({ status, headers }: HttpResponse, baseUrl: URL): URL | undefined {
  const [, location] = headers.find(([name]) => name.toLowerCase() === 'location') ?? []
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  if (!URL.canParse(location, baseUrl.href)) throw new Error(`${baseUrl.host} redirects to an address that is no URL`)
  return new URL(location, baseUrl)
}
