import '../errors/assert-node-version.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handler } from '../http/handler.ts'
import { toNodeHandler } from '../http/node-handler.ts'

/** The part of Express's request that is used here. */
export type ExpressRequest = IncomingMessage & {
  readonly originalUrl: string
  readonly ip?: string | undefined
  readonly body?: unknown
  rawBody?: Buffer
}

export type ExpressHandler = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Turns a handler into Express middleware: `app.use('/auth', toExpressHandler(handler))`.
 *
 * - The handler sees the path as the client wrote it, with the prefix.
 * - It answers every request, so no middleware runs after it.
 * - It works after body parsers. A parsed body is serialised again, which breaks signatures over it: mount hooks before
 *   the parsers, or keep the bytes as `request.rawBody`.
 */
export function toExpressHandler(handler: Handler): ExpressHandler {
  const nodeHandler = toNodeHandler(handler)
  return (request, response, next) => {
    request.url = request.originalUrl
    if (request.readableDidRead) request.rawBody ??= toBytes(request)
    nodeHandler(request, response, { ip: request.ip }).catch(next)
  }
}

function toBytes({ body, headers }: ExpressRequest): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (body === undefined) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  return Buffer.from(isForm ? encodeForm(body as Form) : JSON.stringify(body))
}

type Form = Readonly<Record<string, string | readonly string[]>>

function encodeForm(body: Form): string {
  const pairs = Object.entries(body).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
  return new URLSearchParams(pairs as [string, string][]).toString()
}
