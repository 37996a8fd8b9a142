import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Handler } from './handler.ts'
import type { ConnectionInfo } from './request-details.ts'

/** A request whose body somebody has read before. */
type RequestWithRawBody = IncomingMessage & { readonly rawBody?: Buffer }

/** Answers a request of `node:http`; `facts` where the caller knows the client better than the socket does. */
export type NodeHandler = (
  request: RequestWithRawBody,
  response: ServerResponse,
  connectionInfo?: ConnectionInfo,
) => Promise<void>

/**
 * Makes a listener for `node:http` and `node:https` of a handler: `createServer(toNodeHandler(handler))`.
 *
 * A body that was read before is taken from `request.rawBody`, a Buffer.
 */
export function toNodeHandler(handler: Handler): NodeHandler {
  return async (request, response, connectionInfo = getConnectionInfo(request)) => {
    const listener = getRequestListener((one) => handler(one, connectionInfo), { overrideGlobalObjects: false })
    await listener(request, response)
  }
}

function getConnectionInfo({ socket }: IncomingMessage): ConnectionInfo {
  return { ip: socket.remoteAddress }
}
