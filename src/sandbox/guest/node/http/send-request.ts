import type { WireRequest, WireResponse } from '../../../wire/fetch-messages.ts'
import { native } from '../native.ts'
import { type HostFailure, toConnectError, toHostError } from '../system-error.ts'

/** A message to a server. */
export interface OutgoingRequest {
  /** Without a user or password: those are a header. */
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: Buffer | undefined
  readonly timeoutMs?: number | undefined
}

/** What came back, whole, as it was sent: not decoded, no redirect followed. */
export interface RawResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: Buffer
}

type Done = (error: Error | undefined, response?: RawResponse) => void

/**
 * Sends one message through the host's guarded network, and calls back in a later turn: `done` may throw, and its rule fails.
 * The answer gives the exchange up.
 */
export function sendRequest({ url, method, headers, body, timeoutMs }: OutgoingRequest, done: Done): () => void {
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
        done(toHttpError(JSON.parse(text) as HostFailure, url))
        return
      }
      const response = JSON.parse(text) as WireResponse
      done(undefined, { ...response, body: Buffer.from(response.body, 'base64') })
    })
    return () => native.ops.cancel(op)
  } catch (error) {
    queueMicrotask(() => done(error as Error))
    return () => undefined
  }
}

/** The host's failure in the words of Node's `http`. */
function toHttpError({ code, message }: HostFailure, url: string): Error {
  const { hostname, port, protocol } = new URL(url)
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return toConnectError({ code: 'ETIMEDOUT', message }, hostname, portNumber)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return createHangUpError()
    case 'ETIMEDOUT':
      return toHostError({ code, message })
    default:
      return toConnectError({ message, ...(code === undefined ? {} : { code }) }, hostname, portNumber)
  }
}

/** What Node says when the other side closes, or when a request is destroyed. */
export function createHangUpError(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
