import type { WireConnect, WireAddresses, WireTlsOptions } from '../../connection-messages.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import { HostCallError } from '../host-call-error.ts'
import type { Run } from '../../../worker/run/run.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { OpRequest, Service, Settle } from '../service.ts'
import { createSocketConnection } from './socket-connection.ts'
import { dial } from './dial.ts'
import { type ConnectionFailure, toConnectionFailure, runEndedFailure, toTimeoutFailure } from './connection-failure.ts'
import { type OwnedConnection, createConnectionOwnership } from './ownership.ts'
import { createRequestTracker } from './request-tracker.ts'
import { createNameResolver } from './name-resolver.ts'
import { createTunnelService } from './tunnel.ts'

/** The connections of a worker's logins. */
export interface Sockets {
  /** Begins the work of an op of `socket.…`; answers how to give it up. */
  begin(name: string, request: OpRequest, settle: Settle): () => void
  /** What is done at once, for whom it may be; throws what stands against it. */
  callSync(name: string, input: string, callers: readonly Run[]): string
  /** A login is over: connections that are nobody's any more are closed. */
  removeRun(run: Run): void
}

export interface SocketOptions {
  readonly policy: NetworkPolicy
  readonly limits: SandboxLimits
  readonly quota: OutboundQuota
  readonly nowMs: () => number
}

export function createSockets({ policy, limits, quota, nowMs }: SocketOptions): Sockets {
  const ownership = createConnectionOwnership()
  const tracker = createRequestTracker(quota, nowMs)
  const nameResolver = createNameResolver({ policy, limits, tracker })

  function connect({ op, input, owner, waiters }: OpRequest, settle: Settle): () => void {
    const target = parseDestination(input)
    const trackedRequest = tracker.open(owner, { method: 'CONNECT', url: formatTcpUrl(target) })
    const abort = new AbortController()
    const close = (failure?: ConnectionFailure): void => {
      ownership.remove(op)
      trackedRequest.close(failure === runEndedFailure ? undefined : failure)
    }
    const owned: OwnedConnection = {
      owners: new Set(waiters),
      signal: abort.signal,
      connection: undefined,
      close() {
        abort.abort()
        owned.connection?.destroy(runEndedFailure)
        close(runEndedFailure)
      },
    }
    ownership.add(op, owned)
    const resolvedName = nameResolver.findName(target.host, waiters)
    const destination =
      resolvedName === undefined ? target : { host: resolvedName, port: target.port, address: target.host }
    const timeoutSignal = AbortSignal.timeout(limits.requestTimeoutMs)
    dial(destination, policy, AbortSignal.any([abort.signal, timeoutSignal])).then(
      (socket) => {
        if (abort.signal.aborted) {
          socket.destroy()
          return
        }
        owned.connection = createSocketConnection(socket, {
          maxBytes: limits.maxResponseBytes,
          countBytes: (bytes) => quota.countBytes(owner, bytes),
          onClose: close,
        })
        const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket as WireAddresses
        const endpoints: WireAddresses = { remoteAddress, remotePort, remoteFamily, localAddress, localPort }
        settle(true, JSON.stringify(endpoints))
      },
      (error: unknown) => {
        const failure = timeoutSignal.aborted ? toTimeoutFailure(limits) : toConnectionFailure(error)
        close(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return owned.close
  }

  function secure({ input, waiters }: OpRequest, settle: Settle): () => void {
    const options = JSON.parse(input) as WireTlsOptions
    const { signal } = ownership.find(options.socket, waiters)
    const timeoutSignal = AbortSignal.timeout(limits.requestTimeoutMs)
    ownership
      .getConnection(options.socket, waiters)
      .secure(options, AbortSignal.any([signal, timeoutSignal]))
      .then(
        (secured) => settle(true, JSON.stringify(secured)),
        (error: unknown) =>
          settle(false, JSON.stringify(timeoutSignal.aborted ? toTimeoutFailure(limits) : toConnectionFailure(error))),
      )
    return () => undefined
  }

  const socketServices: Readonly<Record<string, Service>> = {
    'socket.connect': connect,
    'socket.tunnel': createTunnelService({ ownership, limits, quota }),
    'socket.resolve': nameResolver.resolve,
    'socket.secure': secure,
    'socket.read': ({ input, waiters }, settle) => ownership.getConnection(Number(input), waiters).read(settle),
    'socket.drain': ({ input, waiters }, settle) => ownership.getConnection(Number(input), waiters).drain(settle),
  }

  return {
    begin(name, request, settle) {
      const service = Object.hasOwn(socketServices, name) ? socketServices[name] : undefined
      if (service === undefined) throw new Error(`there is no ${name}`)
      return service(request, settle)
    },
    callSync(name, input, callers) {
      const [socket, rest = ''] = input.split(' ')
      const connection = ownership.getConnection(Number(socket), callers)
      switch (name) {
        case 'socket.write':
          return connection.write(Buffer.from(rest, 'base64'))
        case 'socket.fragment':
          return String(connection.setMaxFragment(Number(rest)))
        case 'socket.end':
          connection.end()
          return ''
        case 'socket.destroy':
          connection.destroy()
          return ''
        default:
          throw new Error(`there is no ${name}`)
      }
    },
    removeRun: ownership.removeOwner,
  }
}

/** Whoever wrote this runs where rules do. */
function parseDestination(input: string): WireConnect {
  const { host, port } = JSON.parse(input) as { readonly host: unknown; readonly port: unknown }
  const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
  if (typeof host !== 'string' || host === '' || host.length > maxHostLength || !isPort) {
    throw new HostCallError('NETWORK_REFUSED', 'a connection goes to a host and a port')
  }
  return { host, port }
}

const maxHostLength = 255

function formatTcpUrl({ host, port }: WireConnect): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
}
