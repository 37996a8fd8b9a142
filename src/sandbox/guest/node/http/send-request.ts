import type { WireRequest, WireResponse } from '../../../wire/fetch-messages.ts'
import { native } from '../native.ts'
import { type HostFailure, toConnectError, toHostError } from '../system-error.ts'

export interface OutgoingRequest {
  /** Without user and password, which go into a header. */
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: Buffer | undefined
  readonly timeoutMs?: number | undefined
}

/** The whole response as the server sent it: not decoded, no redirect followed. */
export interface RawResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: Buffer
}

type Done = (error: Error | undefined, response?: RawResponse) => void

/**
 * Sends one message through the guarded network of the host, and calls back in a later turn. If `done` throws, the rule
 * fails. Returns a function that cancels the request.
 */
export function sendRequest({ url, method, headers, body, timeoutMs }: OutgoingRequest, done: Done): () => void {
  const wire: WireRequest = {
    url,
    method,
    headers,
    redirect: 'manual',
    raw: true,
    body: body?.toString('base64'),
    timeoutMs,
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

/** Maps an error of the host to the error of Node's `http`. */
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
      return toConnectError({ code, message }, hostname, portNumber)
  }
}

/** The error of Node if the server closes the connection or the request is destroyed. */
export function createHangUpError(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}
