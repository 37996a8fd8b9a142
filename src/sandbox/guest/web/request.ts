import { Buffer } from 'buffer'
import { NativeTypeError, apply, defineProperty, toJson, toText } from '../../wire/primordials.ts'
import type { GuestAbortSignal } from './abort.ts'
import { Body, encodeBody } from './fetch-body.ts'
import { Headers } from './headers.ts'
import type { WireRequest } from '../../wire/fetch-messages.ts'

export interface FetchInit {
  method?: unknown
  headers?: unknown
  body?: unknown
  redirect?: unknown
  signal?: GuestAbortSignal | null
}

/** `Request` (WHATWG Fetch). */
export class Request extends Body {
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
      body: bytes === null ? undefined : Buffer.from(bytes).toString('base64'),
    }
    return toJson(wire)
  }
}
const { toWire } = Request.prototype
Reflect.deleteProperty(Request.prototype, 'toWire')
// The bundler renames a class that refers to itself.
defineProperty(Request, 'name', { value: 'Request', configurable: true })

/** Encodes a request as the host takes it. */
export function encodeRequest(request: Request): string {
  return apply(toWire, request, [])
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
