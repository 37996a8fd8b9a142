import type { SandboxLimits } from '../../../wire/limits.ts'
import type { WireTlsOptions } from '../../connection-messages.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { OutboundRun } from '../outbound-run.ts'
import type { OpRequest, Service, Settle } from '../service.ts'
import { createConnectService } from './connect-service.ts'
import { toConnectionFailure, toTimeoutFailure } from './connection-failure.ts'
import { createNameResolver } from './name-resolver.ts'
import { type ConnectionOwnership, createConnectionOwnership } from './ownership.ts'
import { createRequestTracker } from './request-tracker.ts'
import { createTunnelService } from './tunnel.ts'

/** The connections of a worker's runs. */
export interface Sockets {
  /** Starts the work of an op whose name begins with `socket.`; returns a function that stops it. */
  begin(name: string, request: OpRequest, settle: Settle): () => void
  /** Answers at once, on a connection that one of the callers owns. Throws if it cannot. */
  callSync(name: string, input: string, callers: readonly OutboundRun[]): string
  /** A run is over: closes the connections that no other run owns. */
  removeRun(run: OutboundRun): void
}

export interface SocketOptions {
  readonly policy: NetworkPolicy
  /** The embedder's proxy. */
  readonly proxy: string | undefined
  readonly limits: SandboxLimits
  readonly quota: OutboundQuota
  readonly nowMs: () => number
}

export function createSockets(options: SocketOptions): Sockets {
  const { policy, limits, quota, nowMs } = options
  const ownership = createConnectionOwnership()
  const tracker = createRequestTracker(quota, nowMs)
  const nameResolver = createNameResolver({ policy, limits, tracker })

  const socketServices: Readonly<Record<string, Service>> = {
    'socket.connect': createConnectService({ ...options, ownership, tracker, nameResolver }),
    'socket.tunnel': createTunnelService({ ownership, limits, quota }),
    'socket.resolve': nameResolver.resolve,
    'socket.secure': createTlsService(ownership, limits),
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
          callers[0]?.egress.secrets?.assertNotSent(Buffer.from(rest, 'base64').toString('latin1'))
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

/** Starts TLS over open connections. */
function createTlsService(ownership: ConnectionOwnership, limits: SandboxLimits): Service {
  return ({ input, waiters }, settle) => {
    const options = JSON.parse(input) as WireTlsOptions
    const { signal } = ownership.find(options.socket, waiters)
    const timeoutSignal = AbortSignal.timeout(limits.requestTimeoutMs)
    ownership
      .getConnection(options.socket, waiters)
      .secure(options, AbortSignal.any([signal, timeoutSignal]))
      .then(
        (session) => settle(true, JSON.stringify(session)),
        (error: unknown) =>
          settle(false, JSON.stringify(timeoutSignal.aborted ? toTimeoutFailure(limits) : toConnectionFailure(error))),
      )
    return () => undefined
  }
}
