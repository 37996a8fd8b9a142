import type { Socket } from 'node:net'
import type { SandboxLimits } from '../../../wire/limits.ts'
import type { WireAddresses, WireConnect } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { Service } from '../service.ts'
import { type ConnectionFailure, runEndedFailure, toConnectionFailure, toTimeoutFailure } from './connection-failure.ts'
import { type Destination, dial } from './dial.ts'
import type { NameResolver } from './name-resolver.ts'
import type { ConnectionOwnership, OwnedConnection } from './ownership.ts'
import type { RequestTracker } from './request-tracker.ts'
import { SocketConnection } from './socket-connection.ts'

interface ConnectOptions {
  readonly policy: NetworkPolicy
  readonly proxy: string | undefined
  readonly limits: SandboxLimits
  readonly quota: OutboundQuota
  readonly ownership: ConnectionOwnership
  readonly tracker: RequestTracker
  readonly nameResolver: NameResolver
}

/** Opens the connections of rules. */
export function createConnectService(options: ConnectOptions): Service {
  const { policy, proxy, limits, quota, ownership, tracker, nameResolver } = options
  return ({ op, input, owner, waiters, egress }, settle) => {
    const target = parseDestination(input)
    const trackedRequest = tracker.open(owner, { method: 'CONNECT', url: formatTcpUrl(target) })
    const abort = new AbortController()
    const onClose = (failure?: ConnectionFailure): void => {
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
        onClose(runEndedFailure)
      },
    }
    ownership.add(op, owned)
    const resolvedName = nameResolver.findName(target.host, waiters)
    const destination: Destination =
      resolvedName === undefined ? target : { host: resolvedName, port: target.port, address: target.host }
    const timeoutSignal = AbortSignal.timeout(limits.requestTimeoutMs)
    dial(destination, { policy, proxy, egress }, AbortSignal.any([abort.signal, timeoutSignal])).then(
      (socket) => {
        if (abort.signal.aborted) {
          socket.destroy()
          return
        }
        const countBytes = (bytes: number): void => quota.countBytes(owner, bytes)
        owned.connection = new SocketConnection(socket, { maxBytes: limits.maxResponseBytes, countBytes, onClose })
        settle(
          true,
          JSON.stringify({ ...getAddresses(socket), ...(proxy === undefined ? {} : hideProxy(destination)) }),
        )
      },
      (error: unknown) => {
        const failure = timeoutSignal.aborted ? toTimeoutFailure(limits) : toConnectionFailure(error)
        onClose(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return owned.close
  }
}

function getAddresses(socket: Socket): WireAddresses {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket as WireAddresses
  return { remoteAddress, remotePort, remoteFamily, localAddress, localPort }
}

/** The other end of a connection through a proxy, as the rule sees it: not the proxy. */
function hideProxy({ host, port, address = host }: Destination): Partial<WireAddresses> {
  return { remoteAddress: address, remotePort: port }
}

const maxHostLength = 255

/** The input is checked: it was written where rules run. */
function parseDestination(input: string): WireConnect {
  const { host, port } = JSON.parse(input) as { readonly host: unknown; readonly port: unknown }
  const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
  if (typeof host !== 'string' || host === '' || host.length > maxHostLength || !isPort) {
    throw new HostCallError('NETWORK_REFUSED', 'a connection goes to a host and a port')
  }
  return { host, port }
}

function formatTcpUrl({ host, port }: WireConnect): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
}
