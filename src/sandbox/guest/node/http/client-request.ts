import { EventEmitter } from 'events'
import { Writable } from 'stream'
import { type RawResponse, sendRequest, createHangUpError } from './send-request.ts'
import { IncomingMessage } from './incoming-message.ts'
import { type ResponseListener, type RequestOptions, buildUrl } from './request-arguments.ts'

/** The methods that clients call on the connection of a request. There is no connection, so they do nothing. */
class PlaceholderSocket extends EventEmitter {
  readonly connecting = false
  readonly encrypted = true
  readonly authorized = true
  destroyed = false
  setKeepAlive(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setTimeout(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  destroy(): this {
    this.destroyed = true
    return this
  }
}

/** A request of Node's `http`. It is sent when it ends, and its response comes as a whole. */
export class ClientRequest extends Writable {
  readonly method: string
  readonly protocol: string
  readonly host: string
  readonly path: string
  readonly agent: unknown
  readonly socket: PlaceholderSocket = new PlaceholderSocket()
  readonly reusedSocket = false
  aborted = false
  res: IncomingMessage | undefined
  readonly #url: string
  readonly #headers = new Map<string, [name: string, value: unknown]>()
  readonly #chunks: Buffer[] = []
  #cancel: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: RequestOptions, protocol: string, listener: ResponseListener | undefined) {
    super({ autoDestroy: false })
    this.method = (options.method ?? 'GET').toUpperCase()
    this.protocol = options.protocol ?? protocol
    this.#url = buildUrl(options, this.protocol)
    this.host = options.hostname ?? options.host ?? 'localhost'
    this.path = options.path ?? '/'
    this.agent = (options as { readonly agent?: unknown }).agent
    for (const [name, value] of listHeaders(options.headers)) this.setHeader(name, value)
    const { auth } = options
    if (typeof auth === 'string' && auth !== '' && !this.hasHeader('authorization')) {
      this.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`)
    }
    if (listener !== undefined) this.once('response', listener)
    if (options.timeout !== undefined && options.timeout > 0) this.setTimeout(options.timeout)
    options.signal?.addEventListener('abort', () => this.destroy(options.signal?.reason as Error))
    process.nextTick(() => this.emit('socket', this.socket))
  }

  setHeader(name: string, value: unknown): this {
    if (value === undefined) {
      const message = `Invalid value "undefined" for header "${name}"`
      throw Object.assign(new TypeError(message), { code: 'ERR_HTTP_INVALID_HEADER_VALUE' })
    }
    this.#headers.set(name.toLowerCase(), [name, value])
    return this
  }
  getHeader(name: string): unknown {
    return this.#headers.get(name.toLowerCase())?.[1]
  }
  getHeaders(): Record<string, unknown> {
    return Object.fromEntries([...this.#headers].map(([name, [, value]]) => [name, value]))
  }
  getHeaderNames(): string[] {
    return [...this.#headers.keys()]
  }
  getRawHeaderNames(): string[] {
    return [...this.#headers.values()].map(([name]) => name)
  }
  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase())
  }
  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase())
  }
  flushHeaders(): void {}
  setNoDelay(): void {}
  setSocketKeepAlive(): void {}

  get connection(): PlaceholderSocket {
    return this.socket
  }
  get headersSent(): boolean {
    return this.#cancel !== undefined
  }
  get finished(): boolean {
    return this.writableEnded
  }

  setTimeout(ms: number, listener?: () => void): this {
    if (listener !== undefined) this.once('timeout', listener)
    clearTimeout(this.#timer)
    if (ms > 0) this.#timer = setTimeout(() => this.emit('timeout'), ms)
    return this
  }

  abort(): void {
    if (this.aborted) return
    this.aborted = true
    process.nextTick(() => this.emit('abort'))
    this.destroy()
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk as Uint8Array))
    done()
  }

  override _final(done: () => void): void {
    const headers = [...this.#headers.values()].flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    )
    const body = this.#chunks.length === 0 ? undefined : Buffer.concat(this.#chunks)
    this.#cancel = sendRequest({ url: this.#url, method: this.method, headers, body }, (error, rawResponse) => {
      clearTimeout(this.#timer)
      if (this.destroyed) return
      if (rawResponse === undefined) this.destroy(error)
      else this.#respond(rawResponse)
    })
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    this.#cancel?.()
    this.socket.destroyed = true
    done(error ?? (this.res === undefined ? createHangUpError() : null))
  }

  #respond(rawResponse: RawResponse): void {
    const response = new IncomingMessage(rawResponse, this, this.socket)
    this.res = response
    response.once('close', () => this.destroy())
    if (!this.emit('response', response)) response.resume()
  }
}

function listHeaders(headers: RequestOptions['headers']): [string, unknown][] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {}).filter(([, value]) => value !== undefined)
  if (Array.isArray(headers[0])) return headers as [string, unknown][]
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[String(name), headers[index + 1]] as const] : [])) as [
    string,
    unknown,
  ][]
}
