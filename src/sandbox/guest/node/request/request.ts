import { EventEmitter } from 'events'
import { gunzipSync, inflateSync } from '../zlib.ts'
import { type RawResponse, sendRequest } from '../http/send-request.ts'
import { IncomingMessage } from '../http/incoming-message.ts'
import { type RequestMessage, createMessage, isJson, setAuth } from './message.ts'
import { type Auth, type Callback, type Options, assertSupported } from './options.ts'
import { followRedirect, findRedirect, setReferer } from './redirect.ts'

interface Destination {
  write(chunk: unknown): unknown
  end(): unknown
}

/**
 * The object that `request(…)` returns. It sends its message in the next turn, so that method calls can still change it.
 */
export class Request extends EventEmitter {
  readonly #options: Options
  #message: RequestMessage | undefined
  #redirects = 0
  #isChallenged = false
  #cancel: (() => void) | undefined
  #hasEnded = false
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
    const credentials = bearer === undefined ? { user: user ?? '', pass: pass ?? '' } : { bearer }
    this.#options.auth = { ...credentials, ...(sendImmediately === undefined ? {} : { sendImmediately }) }
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
    if (this.#hasEnded) return
    this.#hasEnded = true
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
    let isCalled = false
    const call: Callback = (...args) => {
      if (isCalled) return
      isCalled = true
      callback.apply(this, args)
    }
    this.on('error', (error) => call(error))
    this.on('complete', (response, body) => call(null, response, body))
  }

  #start(): void {
    if (this.#hasEnded) return
    try {
      this.#message = createMessage(this.#options)
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#send(this.#message)
  }

  #send(message: RequestMessage): void {
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
      timeoutMs: resolveTimeoutMs(this.#options),
    }
    this.#cancel = sendRequest(outgoing, (error, rawResponse) => {
      if (this.#hasEnded) return
      if (rawResponse === undefined) this.#fail(toTimeoutError(error))
      else this.#receive(message, rawResponse)
    })
  }

  #receive(message: RequestMessage, rawResponse: RawResponse): void {
    const response = new IncomingMessage(rawResponse, this, undefined)
    this.response = response
    const { auth, followRedirect: shouldFollow, maxRedirects = 10 } = this.#options
    if (rawResponse.status === 401 && auth?.sendImmediately === false && !this.#isChallenged) {
      this.#isChallenged = true
      setAuth(message.headers, auth)
      setReferer(message, this.#options)
      this.#send(message)
      return
    }
    const location = findRedirect(rawResponse, response.headers['location'], message.method, this.#options)
    const isWanted = typeof shouldFollow !== 'function' || shouldFollow.call(this, response)
    if (location === undefined || !isWanted) {
      this.#finish(response, rawResponse.body)
      return
    }
    if (this.#redirects >= maxRedirects) {
      this.#fail(new Error(`Exceeded maxRedirects. Probably stuck in a redirect loop ${message.uri.href}`))
      return
    }
    this.#redirects++
    followRedirect(message, rawResponse.status, location, this.#options)
    this.emit('redirect')
    this.#send(message)
  }

  #finish(response: IncomingMessage, receivedBytes: Buffer): void {
    this.#hasEnded = true
    let body: unknown
    let bytes: Buffer
    try {
      bytes =
        this.#options.gzip === true ? decompress(receivedBytes, response.headers['content-encoding']) : receivedBytes
      body = parseBody(bytes, this.#options)
    } catch (error) {
      this.emit('error', error)
      return
    }
    // Without a callback, the body goes to the event listeners only.
    const bodyMember = this.#options.callback === undefined ? {} : { body }
    const { statusCode, headers } = response
    Object.assign(response, {
      ...bodyMember,
      request: this.toJSON(),
      toJSON: () => ({ statusCode, ...bodyMember, headers, request: this.toJSON() }),
    })
    this.emit('response', response)
    if (bytes.length > 0) this.emit('data', typeof body === 'string' ? body : bytes)
    this.emit('end')
    this.emit('complete', response, bodyMember.body)
    this.emit('close')
  }

  #fail(error: unknown): void {
    this.#hasEnded = true
    this.emit('error', error)
  }
}

function resolveTimeoutMs({ timeout }: Options): number | undefined {
  return typeof timeout === 'number' && timeout >= 0 ? Math.max(1, Math.trunc(timeout)) : undefined
}

/** `ESOCKETTIMEDOUT` if the server is slow to answer; `ETIMEDOUT` if no connection was made in time. */
function toTimeoutError(error: Error | undefined): unknown {
  const { code, syscall } = error as { readonly code?: string; readonly syscall?: string }
  if (code !== 'ETIMEDOUT') return error
  if (syscall === 'connect') return Object.assign(new Error('ETIMEDOUT'), { code, connect: true })
  return Object.assign(new Error('ESOCKETTIMEDOUT'), { code: 'ESOCKETTIMEDOUT', connect: false })
}

function decompress(bytes: Buffer, encoding: unknown): Buffer {
  if (bytes.length === 0) return bytes
  if (encoding === 'gzip') return gunzipSync(bytes)
  return encoding === 'deflate' ? inflateSync(bytes) : bytes
}

function parseBody(bytes: Buffer, options: Options): unknown {
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
