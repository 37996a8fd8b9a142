import { Buffer } from 'buffer'
import { type GuestAbortSignal, createDomError } from './abort.ts'
import { Body, encodeBody } from './fetch-body.ts'
import { Headers } from './headers.ts'
import type { Ops } from '../driver/ops.ts'
import type { WireRequest, WireResponse } from '../../wire/fetch-messages.ts'
import { NativeTypeError, parseJson, toText, toJson } from '../../wire/primordials.ts'

interface FetchInit {
  method?: unknown
  headers?: unknown
  body?: unknown
  redirect?: unknown
  signal?: GuestAbortSignal | null
}

/** `fetch` with `Request`, `Response` and `Headers` (WHATWG Fetch), whole bodies at a time; the host guards the network. */
export function createFetch(ops: Ops): Record<string, unknown> {
  class Response extends Body {
    readonly status: number
    readonly statusText: string
    readonly headers: Headers
    readonly url: string = ''
    readonly redirected: boolean = false
    readonly type = 'default'

    constructor(body?: unknown, init: { status?: number; statusText?: string; headers?: unknown } = {}) {
      const { bytes, type } = encodeBody(body)
      super(bytes)
      this.status = init.status ?? 200
      this.statusText = init.statusText ?? ''
      this.headers = new Headers(init.headers)
      if (type !== undefined && !this.headers.has('content-type')) this.headers.set('content-type', type)
    }
    static json(data: unknown, init?: { status?: number; headers?: unknown }): Response {
      const response = new Response(toJson(data), init)
      response.headers.set('content-type', 'application/json')
      return response
    }
    get ok(): boolean {
      return this.status >= 200 && this.status <= 299
    }
    clone(): Response {
      const copy = new Response(this.copyBytes(), this)
      return Object.assign(copy, { url: this.url, redirected: this.redirected })
    }
  }

  class Request extends Body {
    readonly url: string
    readonly method: string
    readonly headers: Headers
    readonly redirect: WireRequest['redirect']
    readonly signal: GuestAbortSignal | null

    constructor(input: unknown, init: FetchInit = {}) {
      const from: FetchInit & { url?: string } = input instanceof Request ? input : { url: toText(input) }
      const isInherited = input instanceof Request && isAbsent(init.body)
      const { bytes, type } = isInherited ? { bytes: input.copyBytes(), type: undefined } : encodeBody(init.body)
      super(bytes)
      this.url = toText(from.url ?? '')
      this.method = normalizeMethod(init.method ?? from.method)
      this.headers = new Headers(init.headers ?? from.headers)
      this.redirect = normalizeRedirect(init.redirect ?? from.redirect)
      this.signal = init.signal ?? from.signal ?? null
      if (type !== undefined && !this.headers.has('content-type')) this.headers.set('content-type', type)
      if (bytes !== null && isBodiless(this.method)) {
        throw new NativeTypeError('Request with GET/HEAD method cannot have body.')
      }
    }
    clone(): Request {
      return new Request(this)
    }
    toWire(): string {
      const bytes = this.copyBytes()
      const wire: WireRequest = {
        url: this.url,
        method: this.method,
        headers: [...this.headers.entries()] as [string, string][],
        redirect: this.redirect,
        ...(bytes === null ? {} : { body: Buffer.from(bytes).toString('base64') }),
      }
      return toJson(wire)
    }
  }
  const { toWire } = Request.prototype
  Reflect.deleteProperty(Request.prototype, 'toWire')

  function toFetchResponse(text: string): Response {
    const wire = parseJson(text) as WireResponse
    const response = new Response(Buffer.from(wire.body, 'base64'), { ...wire, headers: wire.headers })
    return Object.assign(response, { url: wire.url, redirected: wire.redirected })
  }

  function fetch(input: unknown, init?: FetchInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const request = new Request(input, init)
      const { signal } = request
      if (signal?.aborted === true) {
        reject(signal.reason)
        return
      }
      const op = ops.beginWith('fetch', toWire.call(request), (ok, body) => {
        if (ok) resolve(toFetchResponse(body))
        else reject(toFetchError(body))
      })
      signal?.addEventListener('abort', () => {
        ops.cancel(op)
        reject(signal.reason ?? createDomError('AbortError', 'This operation was aborted'))
      })
    })
  }

  return { fetch, Headers, Request, Response }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function normalizeMethod(method: unknown = 'GET'): string {
  const name = toText(method)
  const upper = name.toUpperCase()
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].includes(upper) ? upper : name
}

function normalizeRedirect(redirect: unknown): WireRequest['redirect'] {
  return redirect === 'error' || redirect === 'manual' ? redirect : 'follow'
}

/** As in a browser a failed fetch is a TypeError; the code says what the guard refused. */
function toFetchError(body: string): Error {
  const { code, message } = parseJson(body) as { code?: string; message: string }
  return Object.assign(new NativeTypeError(message), code === undefined ? {} : { code })
}
