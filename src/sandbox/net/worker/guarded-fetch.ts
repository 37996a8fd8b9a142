import type { SandboxLimits } from '../../wire/limits.ts'
import { type Exchange, type RuleFetch, createRuleFetch } from './follow.ts'
import { createGuardedConnector } from './guarded-connector.ts'
import { httpClient } from './http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'

/** Makes the `fetch` of rules: every address is checked before and after connecting. */
export function createGuardedFetch(policy: NetworkPolicy, limits: SandboxLimits): RuleFetch {
  const { Agent, fetch, request: send } = httpClient()
  const agent = new Agent({
    connect: createGuardedConnector(policy, limits.requestTimeoutMs),
    headersTimeout: limits.requestTimeoutMs,
  })

  /** The messages as they are. */
  const raw: Exchange = async ({ url, method, headers, body }, { signal }) => {
    const answer = await send(url, {
      method: method as 'GET',
      headers: headers.flat(),
      body: body ?? null,
      dispatcher: agent,
      signal,
      responseHeaders: 'raw',
    })
    return {
      status: answer.statusCode,
      statusText: answer.statusText,
      headers: pairsOf(answer.headers as unknown as readonly string[]),
      body: answer.body,
      cancel: () => answer.body.dump(),
    }
  }

  const decoded: Exchange = async ({ url, method, headers, body }, { signal }) => {
    const answer = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: body ?? null,
      redirect: 'manual',
      dispatcher: agent,
      signal,
    })
    return {
      status: answer.status,
      statusText: answer.statusText,
      headers: [...answer.headers],
      body: answer.body ?? [],
      cancel: async () => answer.body?.cancel(),
    }
  }

  return createRuleFetch((message, call) => (message.raw ? raw : decoded)(message, call), policy, limits)
}

/** Raw headers come as one list: name, value, name, value. */
function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []))
}
