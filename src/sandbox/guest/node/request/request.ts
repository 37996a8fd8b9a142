import { EventEmitter } from 'events'
import { gunzipSync, inflateSync } from '../zlib.ts'
import { type Answer, exchange } from '../http/exchange.ts'
import { IncomingMessage } from '../http/incoming-message.ts'
import { type Message, createMessage, isJson, setAuth } from './message.ts'
import { type Auth, type Callback, type Options, assertSupported } from './options.ts'
import { followRedirect, redirectOf, setReferer } from './redirect.ts'

interface Destination {
  write(chunk: unknown): unknown
  end(): unknown
}

/** The object that `request(…)` returns. It sends its message in the next turn, so that calls on it can still change it. */
export class Request extends EventEmitter {
  readonly #options: Options
  #message: Message | undefined
  #redirects = 0
  #challenged = false
  #cancel: (() => void) | undefined
  #ended = false
  response: IncomingMessage | undefined

  constructor(options: Options) {
    super()
    assertSupported(options)
    this.#options = { ...options, headers: { ...options.headers } }
    const { callback } = options
    if (callback !== undefined) this.#callOnce(callback)
    process.nextTick(() => this.#start())
  }

  get uri(): unknown {
    return this.#message?.uri
  }
  get method(): string {
    return this.#message?.method ?? this.#options.method ?? 'GET'
  }
  get headers(): Record<string, unknown> {
    return this.#message?.headers.toObject() ?? { ...this.#options.headers }
  }

  form(values: string | Record<string, unknown>): this {
    this.#options.form = values
    return this
  }
  json(value: unknown): this {
    this.#options.json = value
    return this
  }
  qs(values: Record<string, unknown>): this {
    this.#options.qs = { ...this.#options.qs, ...values }
    return this
  }
  auth(user?: string | null, pass?: string, sendImmediately?: boolean, bearer?: Auth['bearer']): this {
    const way = bearer === undefined ? { user: user ?? '', pass: pass ?? '' } : { bearer }
    this.#options.auth = { ...way, ...(sendImmediately === undefined ? {} : { sendImmediately }) }
    return this
  }
  setHeader(name: string, value: unknown): this {
    this.#options.headers = { ...this.#options.headers, [name]: value }
    return this
  }
  pipe<Target extends Destination>(target: Target): Target {
    this.on('data', (chunk) => target.write(chunk))
    this.on('end', () => target.end())
    return target
  }
  abort(): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancel?.()
    this.emit('abort')
  }
  destroy(): void {
    this.abort()
  }
  toJSON(): object {
    return { uri: this.uri, method: this.method, headers: this.headers }
  }

  #callOnce(callback: Callback): void {
    let called = false
    const call: Callback = (...args) => {
      if (called) return
      called = true
      callback.apply(this, args)
    }
    this.on('error', (error) => call(error))
    this.on('complete', (response, body) => call(null, response, body))
  }

  #start(): void {
    if (this.#ended) return
    try {
      this.#message = createMessage(this.#options)
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#send(this.#message)
  }

  #send(message: Message): void {
    const { protocol, host, path } = message.uri
    if (protocol !== 'http:' && protocol !== 'https:') {
      this.#fail(new Error(`Invalid protocol: ${protocol}`))
      return
    }
    const outgoing = {
      url: `${protocol}//${host}${path ?? '/'}`,
      method: message.method,
      headers: message.headers.toPairs(),
      body: message.body,
      timeoutMs: timeoutOf(this.#options),
    }
    this.#cancel = exchange(outgoing, (error, answer) => {
      if (this.#ended) return
      if (answer === undefined) this.#fail(timedOut(error))
      else this.#receive(message, answer)
    })
  }

  #receive(message: Message, answer: Answer): void {
    const response = new IncomingMessage(answer, this, undefined)
    this.response = response
    const { auth, followRedirect: follows, maxRedirects = 10 } = this.#options
    if (answer.status === 401 && auth?.sendImmediately === false && !this.#challenged) {
      this.#challenged = true
      setAuth(message.headers, auth)
      setReferer(message, this.#options)
      this.#send(message)
      return
    }
    const location = redirectOf(answer, response.headers['location'], message.method, this.#options)
    const isWanted = typeof follows !== 'function' || follows.call(this, response)
    if (location === undefined || !isWanted) {
      this.#finish(response, answer.body)
      return
    }
    if (this.#redirects >= maxRedirects) {
      this.#fail(new Error(`Exceeded maxRedirects. Probably stuck in a redirect loop ${message.uri.href}`))
      return
    }
    this.#redirects++
    followRedirect(message, answer.status, location, this.#options)
    this.emit('redirect')
    this.#send(message)
  }

  #finish(response: IncomingMessage, received: Buffer): void {
    this.#ended = true
    let body: unknown
    let bytes: Buffer
    try {
      bytes = this.#options.gzip === true ? expanded(received, response.headers['content-encoding']) : received
      body = bodyOf(bytes, this.#options)
    } catch (error) {
      this.emit('error', error)
      return
    }
    // Who listens to events gets the body through them alone.
    const kept = this.#options.callback === undefined ? {} : { body }
    const { statusCode, headers } = response
    Object.assign(response, {
      ...kept,
      request: this.toJSON(),
      toJSON: () => ({ statusCode, ...kept, headers, request: this.toJSON() }),
    })
    this.emit('response', response)
    if (bytes.length > 0) this.emit('data', typeof body === 'string' ? body : bytes)
    this.emit('end')
    this.emit('complete', response, kept.body)
    this.emit('close')
  }

  #fail(error: unknown): void {
    this.#ended = true
    this.emit('error', error)
  }
}

function timeoutOf({ timeout }: Options): number | undefined {
  return typeof timeout === 'number' && timeout >= 0 ? Math.max(1, Math.trunc(timeout)) : undefined
}

/** A server that takes its time is `ESOCKETTIMEDOUT`; one that cannot be reached in time is `ETIMEDOUT`. */
function timedOut(error: Error | undefined): unknown {
  const { code, syscall } = error as { readonly code?: string; readonly syscall?: string }
  if (code !== 'ETIMEDOUT') return error
  if (syscall === 'connect') return Object.assign(new Error('ETIMEDOUT'), { code, connect: true })
  return Object.assign(new Error('ESOCKETTIMEDOUT'), { code: 'ESOCKETTIMEDOUT', connect: false })
}

function expanded(bytes: Buffer, encoding: unknown): Buffer {
  if (bytes.length === 0) return bytes
  if (encoding === 'gzip') return gunzipSync(bytes)
  return encoding === 'deflate' ? inflateSync(bytes) : bytes
}

function bodyOf(bytes: Buffer, options: Options): unknown {
  const { encoding, jsonReviver } = options
  if (bytes.length === 0) return isJson(options) ? undefined : encoding === null ? bytes : ''
  if (encoding === null && !isJson(options)) return bytes
  const text = bytes.toString((encoding ?? 'utf8') as BufferEncoding)
  if (!isJson(options)) return text
  try {
    return JSON.parse(text, jsonReviver)
  } catch {
    return encoding === null ? bytes : text
  }
}
