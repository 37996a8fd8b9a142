import { Readable } from 'stream'
import type { RawResponse } from './send-request.ts'

type Headers = Record<string, string | string[]>

/** Headers of which only the first counts if they come twice (Node, `message.headers`). */
const singleValueHeaders = new Set(
  (
    'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
    'last-modified location max-forwards proxy-authorization referer retry-after server user-agent'
  ).split(' '),
)

/** Names are in lower case, as in Node's `message.headers`. */
function mergeHeaders(pairs: readonly [string, string][]): Headers {
  const headers: Headers = {}
  for (const [rawName, value] of pairs) {
    const name = rawName.toLowerCase()
    const before = headers[name]
    if (name === 'set-cookie') headers[name] = [...(Array.isArray(before) ? before : []), value]
    else if (before === undefined) headers[name] = value
    else if (!singleValueHeaders.has(name))
      headers[name] = `${String(before)}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return headers
}

/** A response of Node's `http`: a stream whose bytes are all in memory. */
export class IncomingMessage extends Readable {
  readonly statusCode: number
  readonly statusMessage: string
  readonly headers: Headers
  readonly headersDistinct: Readonly<Record<string, string[]>>
  readonly rawHeaders: string[]
  readonly httpVersion = '1.1'
  readonly httpVersionMajor = 1
  readonly httpVersionMinor = 1
  readonly trailers: object = {}
  readonly rawTrailers: string[] = []
  readonly url = ''
  readonly method = null
  readonly req: unknown
  readonly socket: unknown
  aborted = false
  complete = false

  constructor({ status, statusText, headers, body }: RawResponse, request: unknown, socket: unknown) {
    super()
    this.statusCode = status
    this.statusMessage = statusText
    this.headers = mergeHeaders(headers)
    this.headersDistinct = Object.fromEntries(
      Object.entries(this.headers).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
    )
    this.rawHeaders = headers.flat()
    this.req = request
    this.socket = socket
    if (body.length > 0) this.push(body)
    this.push(null)
    this.complete = true
  }

  get connection(): unknown {
    return this.socket
  }

  override _read(): void {}

  setTimeout(): this {
    return this
  }
}
