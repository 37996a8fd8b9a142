import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { InspectorPort } from '../../engine/ports/inspector-port.ts'
import { UsageError } from '../print/usage.ts'

/** Where a debugger finds the rules of this process. */
export interface InspectServer extends InspectorPort {
  readonly webSocketUrl: string
  close(): void
}

const host = '127.0.0.1'

/**
 * Offers rules to debuggers as Node offers a program: Chrome finds it at chrome://inspect, VS Code by its port. Whoever is
 * let in may do in the sandbox what rules may, so only this machine is answered, and no page that a browser has open: it
 * would come under another name, and does not know the path.
 */
export async function startInspectServer(
  port: number,
  { title, url }: { title: string; url: string },
): Promise<InspectServer> {
  const id = randomUUID()
  let client: WebSocket | undefined
  let send: (message: string | undefined) => void = () => undefined
  const server = createServer(handleRequest)
  const sockets = new WebSocketServer({ noServer: true })
  await new Promise<void>((listening, fail) => {
    server.once('error', (error) => fail(new UsageError(`--inspect=${port}: cannot listen there (${error.message})`)))
    server.listen(port, host, listening)
  })
  const address = `${host}:${(server.address() as AddressInfo).port}`
  const webSocketUrl = `ws://${address}/${id}`

  function handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/\/$/, '')
    const body = isLocalRequest(request) ? buildDocuments()[path] : undefined
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json; charset=UTF-8' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  function buildDocuments(): Readonly<Record<string, unknown>> {
    const frontend = `devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=${address}/${id}`
    const target = {
      description: 'login rules in a sandbox',
      devtoolsFrontendUrl: frontend,
      devtoolsFrontendUrlCompat: frontend,
      id,
      title,
      type: 'node',
      url,
      webSocketDebuggerUrl: webSocketUrl,
    }
    const version = { Browser: `node.js/${process.version}`, 'Protocol-Version': '1.1' }
    return { '/json': [target], '/json/list': [target], '/json/version': version }
  }

  function detachClient(socket: WebSocket | undefined): void {
    if (socket === undefined || socket !== client) return
    client = undefined
    send(undefined)
  }

  server.on('upgrade', (request, socket, head) => {
    // One debugger at a time: two would stop and go on against each other.
    if (request.url !== `/${id}` || !isLocalRequest(request) || client?.readyState === WebSocket.OPEN) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      detachClient(client)
      client = webSocket
      webSocket.on('message', (data: Buffer) => send(data.toString()))
      webSocket.on('error', () => webSocket.terminate())
      webSocket.on('close', () => detachClient(webSocket))
    })
  })

  return {
    webSocketUrl,
    onMessage: (message) => client?.send(message),
    connect(onDebuggerMessage) {
      send = onDebuggerMessage
    },
    close() {
      client?.close()
      sockets.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A page that has its own name point at this machine still comes under that name. */
function isLocalRequest({ headers }: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(headers.host ?? '')
}
