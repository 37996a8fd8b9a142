import { NativeTypeError, parseJson } from '../../wire/primordials.ts'
import type { Ops } from '../driver/ops.ts'
import { createDomError } from './abort.ts'
import { Headers } from './headers.ts'
import { type FetchInit, Request, encodeRequest } from './request.ts'
import { Response, parseResponse } from './response.ts'

/**
 * `fetch` with `Request`, `Response` and `Headers` (WHATWG Fetch). Bodies are in memory, not streamed; the host guards
 * the network.
 */
export function createFetch(ops: Ops): Record<string, unknown> {
  function fetch(input: unknown, init?: FetchInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const request = new Request(input, init)
      const { signal } = request
      if (signal?.aborted === true) {
        reject(signal.reason)
        return
      }
      const op = ops.beginWith('fetch', encodeRequest(request), (ok, body) => {
        if (ok) resolve(parseResponse(body))
        else reject(parseFetchError(body))
      })
      signal?.addEventListener('abort', () => {
        ops.cancel(op)
        reject(signal.reason ?? createDomError('AbortError', 'This operation was aborted'))
      })
    })
  }

  return { fetch, Headers, Request, Response }
}

/** As in a browser, a failed fetch is a TypeError. Its `code` says if the network guard blocked it. */
function parseFetchError(body: string): Error {
  const { code, message } = parseJson(body) as { code?: string; message: string }
  return Object.assign(new NativeTypeError(message), code === undefined ? {} : { code })
}
