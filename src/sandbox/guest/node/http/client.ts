import { EventEmitter } from 'events'
import { ClientRequest } from './client-request.ts'
import { type RequestOptions, readRequestArguments } from './request-arguments.ts'

/** Keeps its options and has no effect: the host makes the connections. */
export class Agent extends EventEmitter {
  readonly options: object
  readonly sockets = {}
  readonly freeSockets = {}
  readonly requests = {}
  maxSockets = Infinity
  maxFreeSockets = 256
  keepAlive = false
  defaultPort = 80
  protocol = 'http:'

  constructor(options: object = {}) {
    super()
    this.options = options
    Object.assign(this, options)
  }
  destroy(): void {}
}

/** Creates `request` and `get` of `http` or `https`. */
export function createHttpClient(protocol: 'http:' | 'https:'): {
  readonly request: (...args: unknown[]) => ClientRequest
  readonly get: (...args: unknown[]) => ClientRequest
} {
  function request(...args: unknown[]): ClientRequest {
    const { options, listener } = readRequestArguments(args)
    const resolvedProtocol = resolveProtocol(options) ?? protocol
    if (resolvedProtocol !== 'http:' && resolvedProtocol !== 'https:') {
      throw Object.assign(new TypeError(`Protocol "${resolvedProtocol}" not supported. Expected "${protocol}"`), {
        code: 'ERR_INVALID_PROTOCOL',
      })
    }
    return new ClientRequest(options, resolvedProtocol, listener)
  }
  return { request, get: (...args) => request(...args).end() }
}

/** In Node, too, the agent decides the default protocol. */
function resolveProtocol(
  options: RequestOptions & { readonly agent?: { readonly protocol?: string } },
): string | undefined {
  return options.protocol ?? options.agent?.protocol ?? undefined
}
