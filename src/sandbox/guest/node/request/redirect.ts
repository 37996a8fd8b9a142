import { parse, resolve } from 'url'
import type { RawResponse } from '../http/send-request.ts'
import type { RequestMessage } from './message.ts'
import type { Options } from './options.ts'

const unsafeMethods = new Set(['PATCH', 'PUT', 'POST', 'DELETE'])

/** Returns the address that a response redirects to; undefined if the request does not follow it. */
export function findRedirect(
  { status }: RawResponse,
  location: unknown,
  method: string,
  options: Options,
): string | undefined {
  if (status < 300 || status >= 400 || typeof location !== 'string') return undefined
  if (options.followAllRedirects === true) return location
  return options.followRedirect !== false && !unsafeMethods.has(method) ? location : undefined
}

/** Changes the message into the one for the next address. Credentials are not sent to another host. */
export function followRedirect(message: RequestMessage, status: number, location: string, options: Options): void {
  const { uri, headers } = message
  const next = parse(resolve(uri.href, location))
  if (next.hostname !== uri.hostname) headers.remove('authorization')
  if (status !== 307 && status !== 308) {
    if (options.followOriginalHttpMethod !== true && message.method !== 'HEAD') message.method = 'GET'
    message.body = undefined
    headers.remove('content-type')
    headers.remove('content-length')
  }
  setReferer(message, options)
  message.uri = next
}

export function setReferer({ uri, headers }: RequestMessage, { removeRefererHeader }: Options): void {
  if (removeRefererHeader !== true) headers.set('referer', uri.href)
}
