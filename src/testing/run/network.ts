import http from 'node:http'
import https from 'node:https'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'

/**
 * Answers the requests of rules:
 *
 * - a function of the test,
 * - `node:http` of the test process, which nock replaces,
 * - `fetch` of the test process, which msw and undici's MockAgent replace.
 *
 * Without it every request fails, and the outcome names it.
 */
export type Network = FetchPort | 'node:http' | 'fetch'

export function resolveFetch(network: Network | undefined): FetchPort {
  if (network === undefined) return failRequest
  if (network === 'node:http') return fetchOverHttp
  return network === 'fetch' ? (request) => globalThis.fetch(request) : network
}

const failRequest: FetchPort = ({ method, url }) => {
  const message = `nothing answers ${method} ${url}: give loadRule a fetch option`
  throw Object.assign(new Error(message), { code: 'NETWORK_REFUSED' })
}

/** Looks `http.request` up at each call: nock replaces it. */
const fetchOverHttp: FetchPort = async (request) => {
  const body = Buffer.from(await request.arrayBuffer())
  const { request: send } = request.url.startsWith('https:') ? https : http
  const headers = Object.fromEntries(request.headers)
  if (body.length > 0) headers['content-length'] = `${body.length}`
  return new Promise((resolve, reject) => {
    const clientRequest = send(request.url, { method: request.method, headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode = 200, statusMessage = '', rawHeaders } = incoming
        resolve(buildResponse(statusCode, statusMessage, rawHeaders, Buffer.concat(chunks)))
      })
    })
    clientRequest.on('error', reject)
    clientRequest.end(body)
  })
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

function buildResponse(status: number, statusText: string, rawHeaders: readonly string[], bytes: Buffer): Response {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(String(rawHeaders[index]), String(rawHeaders[index + 1]))
  }
  const decode = decoders[headers.get('content-encoding') ?? '']
  if (decode !== undefined) headers.delete('content-encoding')
  const isBodiless = [101, 204, 205, 304].includes(status)
  const body = decode === undefined || bytes.length === 0 ? bytes : decode(bytes)
  return new Response(isBodiless ? null : new Uint8Array(body), { status, statusText, headers })
}
