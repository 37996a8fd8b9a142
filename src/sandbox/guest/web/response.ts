import { Buffer } from 'buffer'
import { defineProperty, parseJson, toJson } from '../../wire/primordials.ts'
import { Body, encodeBody } from './fetch-body.ts'
import { Headers } from './headers.ts'
import type { WireResponse } from '../../wire/fetch-messages.ts'

/** `Response` (WHATWG Fetch). */
export class Response extends Body {
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

// The bundler renames a class that refers to itself.
defineProperty(Response, 'name', { value: 'Response', configurable: true })

/** Parses the host's answer to a fetch. */
export function parseResponse(text: string): Response {
  const wire = parseJson(text) as WireResponse
  const response = new Response(Buffer.from(wire.body, 'base64'), { ...wire, headers: wire.headers })
  return Object.assign(response, { url: wire.url, redirected: wire.redirected })
}
