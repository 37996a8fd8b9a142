import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { answerHttp } from './http-answers.ts'

/** The peers on loopback that scripts connect to, and what they saw. */
export interface Servers {
  /** Reads everything, and says nothing. */
  readonly sink: number
  /** Reads nothing. */
  readonly deaf: number
  /** Sends without end. */
  readonly flood: number
  /** Resets the connection at the first byte. */
  readonly resetting: number
  /** Speaks HTTP; the path says how. */
  readonly http: number
  /** Says what no HTTP server would say; the path says what. */
  readonly raw: number
  /** Connections that `sink` has accepted. */
  readonly accepted: number
  /** Requests that `http` has answered. */
  readonly served: number
  /** The most bytes that one connection of `flood` has taken. */
  readonly mostSent: number
  close(): void
}

/** Starts all of them. */
export async function startServers(): Promise<Servers> {
  const seen = { accepted: 0, served: 0, mostSent: 0 }
  const sockets = new Set<Socket>()
  const servers: Server[] = []
  const listen = async (server: Server): Promise<number> => {
    servers.push(server)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined))
      socket.on('close', () => sockets.delete(socket))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return (server.address() as AddressInfo).port
  }
  const [sink, deaf, flood, resetting, http, raw] = await Promise.all([
    listen(createServer((socket) => void (socket.resume(), seen.accepted++))),
    listen(createServer((socket) => void socket.pause())),
    listen(createServer((socket) => pour(socket, (bytes) => (seen.mostSent = Math.max(seen.mostSent, bytes))))),
    listen(createServer((socket) => void socket.once('data', () => socket.resetAndDestroy()))),
    listen(
      createHttpServer((request, response) => {
        seen.served++
        answerHttp(request, response)
      }),
    ),
    listen(createServer((socket) => void socket.once('data', (data) => speak(socket, data.toString('latin1'))))),
  ])
  return {
    sink,
    deaf,
    flood,
    resetting,
    http,
    raw,
    get accepted() {
      return seen.accepted
    },
    get served() {
      return seen.served
    },
    get mostSent() {
      return seen.mostSent
    },
    close() {
      for (const server of servers) server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function pour(socket: Socket, onSent: (bytes: number) => void): void {
  let sent = 0
  const chunk = Buffer.alloc(65_536)
  const fill = (): void => {
    while (!socket.destroyed && socket.write(chunk)) sent += chunk.length
    onSent(sent)
  }
  socket.on('drain', fill)
  fill()
}

/** Answers a request line in bad faith, until the client hangs up. */
function speak(socket: Socket, request: string): void {
  const write = (text: string): unknown => socket.writable && socket.write(text)
  const repeat = (text: string, everyMs: number): void => void setInterval(() => write(text), everyMs).unref()
  switch (request.split(' ')[1]) {
    case '/endless':
      write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      return repeat(`fa00\r\n${'x'.repeat(64_000)}\r\n`, 1)
    case '/drip':
      write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n')
      return repeat('x', 50)
    case '/slow-header':
      return repeat('H', 50)
    case '/big-header':
      return void write(`HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(1_000_000)}\r\n\r\n`)
    default:
      write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx')
  }
}
