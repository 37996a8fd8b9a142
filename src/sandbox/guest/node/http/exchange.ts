import type { WireRequest, WireResponse } from '../../web/fetch.ts'
import { native } from '../native.ts'
import { type HostFailure, connectError, hostError } from '../system-error.ts'

/** A message to a server. */
export interface Outgoing {
  /** Without a user or password: those are a header. */
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: Buffer | undefined
  readonly timeoutMs?: number | undefined
}

/** What came back, whole, as it was sent: not decoded, no redirect followed. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: Buffer
}

type Done = (error: Error | undefined, answer?: Answer) => void

/**
 * Sends one message through the host's guarded network, and calls back in a later turn: `done` may throw, and its rule fails.
 * The answer gives the exchange up.
 */
export function exchange({ url, method, headers, body, timeoutMs }: Outgoing, done: Done): () => void {
  const wire: WireRequest = {
    url,
    method,
    headers,
    redirect: 'manual',
    raw: true,
    ...(body === undefined ? {} : { body: body.toString('base64') }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  }
  try {
    const op = native.ops.beginWith('fetch', JSON.stringify(wire), (ok, text) => {
      if (!ok) {
        done(failureOf(JSON.parse(text) as HostFailure, url))
        return
      }
      const answer = JSON.parse(text) as WireResponse
      done(undefined, { ...answer, body: Buffer.from(answer.body, 'base64') })
    })
    return () => native.ops.cancel(op)
  } catch (error) {
    queueMicrotask(() => done(error as Error))
    return () => undefined
  }
}

/** The host's failure in the words of Node's `http`. */
function failureOf({ code, message }: HostFailure, url: string): Error {
  const { hostname, port, protocol } = new URL(url)
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return connectError({ code: 'ETIMEDOUT', message }, hostname, portNumber)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return hangUp()
    case 'ETIMEDOUT':
      return hostError({ code, message })
    default:
      return connectError({ message, ...(code === undefined ? {} : { code }) }, hostname, portNumber)
  }
}

/** What Node says when the other side closes, or when a request is destroyed. */
export function hangUp(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
