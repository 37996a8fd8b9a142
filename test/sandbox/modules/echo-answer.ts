import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** Tells what it was asked, packed where that is accepted; `/moved` sends on, `/500` fails, `/ok` says so. */
export function answerWithRequest(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url = '', headers } = request
    const { authorization, 'content-type': type } = headers
    const told = Buffer.from(
      JSON.stringify({ method, url, authorization, type, body: Buffer.concat(chunks).toString() }),
    )
    const packed = String(headers['accept-encoding']).includes('gzip')
    if (url === '/moved') response.writeHead(302, { location: '/found' }).end()
    else if (url === '/ok') response.end('ok')
    else {
      response.writeHead(url === '/500' ? 500 : 200, {
        'content-type': 'application/json',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      })
      response.end(packed ? gzipSync(told) : told)
    }
  })
}
