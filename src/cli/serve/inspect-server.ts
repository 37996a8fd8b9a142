import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { InspectorPort } from '../../engine/ports/inspector-port.ts'
import { UsageError } from '../usage-error.ts'

/** A server on which a debugger finds the rules of this process. */
export interface InspectServer extends InspectorPort {
  readonly webSocketUrl: string
  close(): void
}

interface InspectTarget {
  readonly title: string
  readonly url: string
}

const host = '127.0.0.1'

/**
 * Serves rules to debuggers as Node serves a program: Chrome finds it at chrome://inspect, VS Code by its port.
 *
 * A debugger may do in the sandbox what rules may. So the server answers this machine only, and no page in a browser:
 * such a page comes under another host name, and does not know the path.
 *
 * @throws {UsageError} if it cannot listen on the port
 */
export async function startInspectServer(port: number, target: InspectTarget): Promise<InspectServer> {
  const id = randomUUID()
  const debuggerClient = createDebuggerClient()
  const server = createServer(handleRequest)
  const sockets = new WebSocketServer({ noServer: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`--inspect=${port}: cannot listen there: ${error.message}`)))
    server.listen(port, host, resolve)
  })
  const address = `${host}:${(server.address() as AddressInfo).port}`
  const documents = buildDocuments(`${address}/${id}`, id, target)

  function handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/\/$/, '')
    const body = isLocalRequest(request) ? documents[path] : undefined
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json; charset=UTF-8' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

  server.on('upgrade', (request, socket, head) => {
    // One debugger at a time: two would pause and resume against each other.
    if (request.url !== `/${id}` || !isLocalRequest(request) || debuggerClient.isConnected()) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => debuggerClient.attach(webSocket))
  })

  return {
    webSocketUrl: `ws://${address}/${id}`,
    onMessage: (message) => debuggerClient.send(message),
    connect: (onDebuggerMessage) => debuggerClient.listen(onDebuggerMessage),
    close() {
      debuggerClient.close()
      sockets.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** The connection to the one debugger: detached, or attached to a socket. */
interface DebuggerClient {
  isConnected(): boolean
  /** Takes the place of a socket that is attached, and no longer open. */
  attach(socket: WebSocket): void
  send(message: string): void
  /** Calls `onMessage` for each message of a debugger, and with undefined when it detaches. */
  listen(onMessage: (message: string | undefined) => void): void
  close(): void
}

function createDebuggerClient(): DebuggerClient {
  let attached: WebSocket | undefined
  let notify: (message: string | undefined) => void = () => undefined

  function detach(socket: WebSocket | undefined): void {
    if (socket === undefined || socket !== attached) return
    attached = undefined
    notify(undefined)
  }

  return {
    isConnected: () => attached?.readyState === WebSocket.OPEN,
    attach(socket) {
      detach(attached)
      attached = socket
      socket.on('message', (data: Buffer) => notify(data.toString()))
      socket.on('error', () => socket.terminate())
      socket.on('close', () => detach(socket))
    },
    send: (message) => attached?.send(message),
    listen(onMessage) {
      notify = onMessage
    },
    close: () => attached?.close(),
  }
}

/** What debuggers read before they connect, by path (the HTTP endpoints of the Chrome DevTools Protocol). */
function buildDocuments(path: string, id: string, { title, url }: InspectTarget): Readonly<Record<string, unknown>> {
  const frontend = `devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=${path}`
  const target = {
    description: 'login rules in a sandbox',
    devtoolsFrontendUrl: frontend,
    devtoolsFrontendUrlCompat: frontend,
    id,
    title,
    type: 'node',
    url,
    webSocketDebuggerUrl: `ws://${path}`,
  }
  const version = { Browser: `node.js/${process.version}`, 'Protocol-Version': '1.1' }
  return { '/json': [target], '/json/list': [target], '/json/version': version }
}

/** Checks the Host header: a page whose own name resolves to this machine (DNS rebinding) still sends that name. */
function isLocalRequest({ headers }: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(headers.host ?? '')
}
