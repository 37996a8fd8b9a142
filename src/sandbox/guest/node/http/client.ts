import { EventEmitter } from 'events'
import { ClientRequest } from './client-request.ts'
import { type RequestOptions, readArguments } from './target.ts'

/** Keeps what it is given; connections are the host's business. */
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

/** `request` and `get` of `http` or `https`. */
export function createClient(protocol: 'http:' | 'https:'): {
  readonly request: (...args: unknown[]) => ClientRequest
  readonly get: (...args: unknown[]) => ClientRequest
} {
  function request(...args: unknown[]): ClientRequest {
    const { options, listener } = readArguments(args)
    const wanted = protocolOf(options) ?? protocol
    if (wanted !== 'http:' && wanted !== 'https:') {
      throw Object.assign(new TypeError(`Protocol "${wanted}" not supported. Expected "${protocol}"`), {
        code: 'ERR_INVALID_PROTOCOL',
      })
    }
    return new ClientRequest(options, wanted, listener)
  }
  return { request, get: (...args) => request(...args).end() }
}

/** An agent says which protocol it is for, as it does in Node. */
function protocolOf(options: RequestOptions & { readonly agent?: { readonly protocol?: string } }): string | undefined {
  return options.protocol ?? options.agent?.protocol ?? undefined
}
