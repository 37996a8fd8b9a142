import type { SandboxLimits } from '../../wire/limits.ts'
import type { HttpTransport } from './http-transport.ts'
import { type RuleFetch, createRuleFetch } from './redirects.ts'
import { createGuardedConnector } from './guarded-connector.ts'
import { loadHttpClient } from './load-http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'

/** Makes the `fetch` of rules: every address is checked before and after connecting. */
export function createGuardedFetch(policy: NetworkPolicy, limits: SandboxLimits, proxy?: string): RuleFetch {
  const { Agent, fetch, request: send } = loadHttpClient()
  const agent = new Agent({
    connect: createGuardedConnector(policy, limits.requestTimeoutMs, proxy),
    headersTimeout: limits.requestTimeoutMs,
  })

  /** Sends a request without decoding or adding anything. */
  const sendRaw: HttpTransport = async ({ url, method, headers, body }, { signal }) => {
    const response = await send(url, {
      method: method as 'GET',
      headers: headers.flat(),
      body: body ?? null,
      dispatcher: agent,
      signal,
      responseHeaders: 'raw',
    })
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: pairRawHeaders(response.headers as unknown as readonly string[]),
      body: response.body,
      cancel: () => response.body.dump(),
    }
  }

  const sendDecoded: HttpTransport = async ({ url, method, headers, body }, { signal }) => {
    const response = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: body ?? null,
      redirect: 'manual',
      dispatcher: agent,
      signal,
    })
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      body: response.body ?? [],
      cancel: async () => response.body?.cancel(),
    }
  }

  return createRuleFetch((message, call) => (message.raw ? sendRaw : sendDecoded)(message, call), policy, limits)
}

/** Raw headers come as one list: name, value, name, value. */
function pairRawHeaders(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  )
}
