import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Handler } from './handler.ts'
import type { ConnectionInfo } from './request-details.ts'

/** A request whose body may have been read already, such as by a body parser. */
type RequestWithRawBody = IncomingMessage & { readonly rawBody?: Buffer }

/** Answers a request of `node:http`; `connectionInfo` replaces the socket's address. */
export type NodeHandler = (
  request: RequestWithRawBody,
  response: ServerResponse,
  connectionInfo?: ConnectionInfo,
) => Promise<void>

/**
 * Converts a handler to a listener of `node:http` and `node:https`: `createServer(toNodeHandler(handler))`.
 *
 * If the body has been read already, it is taken from `request.rawBody`, a Buffer.
 */
export function toNodeHandler(handler: Handler): NodeHandler {
  return async (request, response, connectionInfo = getConnectionInfo(request)) => {
    const listener = getRequestListener((webRequest) => handler(webRequest, connectionInfo), {
      overrideGlobalObjects: false,
    })
    await listener(request, response)
  }
}

function getConnectionInfo({ socket }: IncomingMessage): ConnectionInfo {
  return { ip: socket.remoteAddress }
}
