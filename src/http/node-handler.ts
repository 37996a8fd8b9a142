import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Handler } from './handler.ts'
import type { ConnectionFacts } from './request-facts.ts'

/** A request whose body somebody has read before. */
type Read = IncomingMessage & { readonly rawBody?: Buffer }

/** Answers a request of `node:http`; `facts` where the caller knows the client better than the socket does. */
export type NodeHandler = (request: Read, response: ServerResponse, facts?: ConnectionFacts) => Promise<void>

/**
 * Makes a listener for `node:http` and `node:https` of a handler: `createServer(toNodeHandler(handler))`.
 *
 * A body that was read before is taken from `request.rawBody`, a Buffer.
 */
export function toNodeHandler(handler: Handler): NodeHandler {
  return async (request, response, facts = factsOf(request)) => {
    const listener = getRequestListener((one) => handler(one, facts), { overrideGlobalObjects: false })
    await listener(request, response)
  }
}

function factsOf({ socket }: IncomingMessage): ConnectionFacts {
  return { ip: socket.remoteAddress }
}
