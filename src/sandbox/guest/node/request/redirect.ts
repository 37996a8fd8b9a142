import { parse, resolve } from 'url'
import type { Answer } from '../http/exchange.ts'
import type { Message } from './message.ts'
import type { Options } from './options.ts'

const unsafe = new Set(['PATCH', 'PUT', 'POST', 'DELETE'])

/** Where an answer sends its request on to; undefined where that is not to be followed. */
export function redirectOf(
  { status }: Answer,
  location: unknown,
  method: string,
  options: Options,
): string | undefined {
  if (status < 300 || status >= 400 || typeof location !== 'string') return undefined
  if (options.followAllRedirects === true) return location
  return options.followRedirect !== false && !unsafe.has(method) ? location : undefined
}

/** Changes the message to what goes to the next address: credentials stay with the host that they were meant for. */
export function followRedirect(message: Message, status: number, location: string, options: Options): void {
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

export function setReferer({ uri, headers }: Message, { removeRefererHeader }: Options): void {
  if (removeRefererHeader !== true) headers.set('referer', uri.href)
}
