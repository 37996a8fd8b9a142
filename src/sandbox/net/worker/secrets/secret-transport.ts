import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import type { SandboxLimits } from '../../../wire/limits.ts'
import { HostCallError } from '../host-call-error.ts'
import type { HttpRequest, HttpResponse } from '../http-message.ts'
import type { HttpTransport } from '../http-transport.ts'
import type { HostSecrets } from './host-secrets.ts'

type Headers = HttpResponse['headers']

/**
 * Wraps a transport: it puts the values of secrets into each message that leaves, and replaces those that come back by
 * placeholders. Whatever sees the message before, such as the trace, a recording or a redirect, sees placeholders.
 */
export function withHostSecrets(sendMessage: HttpTransport, limits: SandboxLimits): HttpTransport {
  return async (message, call) => {
    const { secrets } = call.egress
    if (secrets === undefined) return sendMessage(message, call)
    const filled = secrets.fillRequest(message)
    const response = await sendMessage(message.raw ? askUncompressed(filled) : filled, call)
    const { status, statusText } = response
    const headers = response.headers.map(([name, value]): [string, string] => [name, secrets.hideText(value)])
    const head = { status, statusText: secrets.hideText(statusText), headers }
    const isRedirect = status >= 300 && status < 400 && getHeader(headers, 'location') !== undefined
    // Its body is discarded if it is followed, and says nothing that its header does not.
    if (isRedirect) return { ...head, body: [], cancel: () => response.cancel() }
    return readHidden({ ...response, ...head }, message, secrets, limits)
  }
}

/** Compressed bytes cannot be searched before they are decompressed. */
function askUncompressed(message: HttpRequest): HttpRequest {
  const headers = message.headers.filter(([name]) => !/^accept-encoding$/i.test(name))
  return { ...message, headers: [...headers, ['accept-encoding', 'identity']] }
}

async function readHidden(
  response: HttpResponse,
  { url, raw }: HttpRequest,
  secrets: HostSecrets,
  limits: SandboxLimits,
): Promise<HttpResponse> {
  const bytes = await readUpTo(response.body, limits.maxResponseBytes)
  const codings = bytes.length === 0 ? [] : listCodings(response.headers)
  const unknownCoding = codings.find((coding) => !Object.hasOwn(decoders, coding))
  if (unknownCoding !== undefined) {
    const message = `the answer of ${url.host} is in the coding ${secrets.hideText(unknownCoding)}, which cannot be searched for secrets`
    throw new HostCallError('NETWORK_REFUSED', message)
  }
  const isDecoded = raw && codings.length > 0 && bytes.length <= limits.maxResponseBytes
  const plainBytes = isDecoded ? await decode(bytes, codings, limits) : bytes
  const body = secrets.hideBody(plainBytes)
  const headers = isDecoded ? response.headers.filter(([name]) => !/^content-encoding$/i.test(name)) : response.headers
  return { ...response, headers: body === bytes ? headers : setLength(headers, body.length), body: [body] }
}

/** Reads a body; one that is too long only until it is, so that the caller can refuse it. */
async function readUpTo(source: HttpResponse['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of source) {
    chunks.push(chunk as Uint8Array)
    size += (chunk as Uint8Array).length
    if (size > maxBytes) break
  }
  return Buffer.concat(chunks)
}

type Decoder = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify(zlib.gunzip) as Decoder,
  'x-gzip': promisify(zlib.gunzip) as Decoder,
  deflate: promisify(zlib.inflate) as Decoder,
  br: promisify(zlib.brotliDecompress) as Decoder,
  zstd: promisify(zlib.zstdDecompress) as Decoder,
}

/** The last coding was applied last. */
async function decode(bytes: Buffer, codings: readonly string[], { maxResponseBytes }: SandboxLimits): Promise<Buffer> {
  let decoded = bytes
  for (const coding of codings.toReversed()) {
    decoded = (await decoders[coding]?.(decoded, { maxOutputLength: maxResponseBytes })) ?? decoded
  }
  return decoded
}

function listCodings(headers: Headers): string[] {
  const codings = (getHeader(headers, 'content-encoding') ?? '').split(',').map((one) => one.trim().toLowerCase())
  return codings.filter((coding) => coding !== '' && coding !== 'identity')
}

function getHeader(headers: Headers, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}

function setLength(headers: Headers, length: number): [string, string][] {
  return headers.map(([name, value]) => [name, /^content-length$/i.test(name) ? String(length) : value])
}
