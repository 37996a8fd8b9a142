import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const bomb = gzipSync(Buffer.alloc(100_000_000))
const send =
  (encoding: string, body: Buffer): Answer =>
  (_request, response) =>
    void response.writeHead(200, { 'content-encoding': encoding }).end(body)
const redirect =
  (location: (request: IncomingMessage) => string): Answer =>
  (request, response) =>
    void response.writeHead(302, { location: location(request) }).end()
const port = ({ socket }: IncomingMessage): number => socket.localPort ?? 0

const answers: Readonly<Record<string, Answer>> = {
  '/gzip': send('gzip', bomb),
  '/gzip-twice': send('gzip, gzip', gzipSync(bomb)),
  '/brotli': send('br', brotliCompressSync(Buffer.alloc(20_000_000))),
  '/never': () => undefined,
  '/loop': redirect(() => '/loop'),
  '/to-metadata': redirect(() => 'http://169.254.169.254/latest/meta-data/'),
  '/to-private': redirect(() => 'http://10.0.0.1/'),
  '/to-file': redirect(() => 'file:///etc/passwd'),
  '/to-other-host': redirect((request) => `http://localhost:${port(request)}/headers`),
  '/headers': (request, response) => void response.end(JSON.stringify(request.rawHeaders)),
}

/** Answers by the path: bombs, redirects, and what it was asked with. Any other path is `ok`. */
export const answerHttp: Answer = (request, response) => {
  const answer = answers[request.url ?? '']
  if (answer === undefined) response.end('ok')
  else answer(request, response)
}
