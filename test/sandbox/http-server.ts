import { once } from 'node:events'
import { type RequestListener, type Server, createServer } from 'node:http'
import { type Server as TcpServer, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

/** A server on loopback for the tests of a file; `url` is where it listens. */
export interface LocalServer {
  readonly url: string
  readonly port: number
}

export function useServer(listener: (...args: Parameters<RequestListener>) => unknown): LocalServer {
  const server = createServer((request, response) => void listener(request, response))
  return listening(server, () => server.closeAllConnections())
}

/** A server that takes bytes and gives bytes, for what no HTTP server would say. */
export function useTcpServer(onConnection: (socket: Socket) => void): LocalServer {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  return listening(server, () => {
    for (const socket of sockets) socket.destroy()
  })
}

function listening(server: Server | TcpServer, hangUp: () => void): LocalServer {
  const port = (): number => (server.address() as AddressInfo).port
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'))
  afterAll(() => {
    server.close()
    hangUp()
  })
  return {
    get url() {
      return `http://127.0.0.1:${port()}`
    },
    get port() {
      return port()
    },
  }
}
