import { type Socket, connect } from 'node:net'
import type { WireConnect } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import { findAddress } from '../find-address.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { RuleEgress } from '../outbound-run.ts'
import { assertProxyTarget, openProxyTunnel } from '../proxy-tunnel.ts'

/** A host to connect to, or one of the addresses that a name server gave for it. */
export interface Destination extends WireConnect {
  readonly address?: string | undefined
}

interface DialRules {
  readonly policy: NetworkPolicy
  readonly proxy: string | undefined
  readonly egress: RuleEgress
}

/** Connects to a host and an address that the policy allows. The address is checked before and after. */
export async function dial(
  destination: Destination,
  { policy, proxy, egress }: DialRules,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port } = destination
  const checkAddress = (address?: string): string | undefined => {
    const reason = policy.checkHost(host, port, egress) ?? policy.checkConnection(host, port, address)
    return reason && `connection to ${host}:${port} refused: ${reason}`
  }
  const earlyReason = checkAddress(destination.address)
  if (earlyReason !== undefined) throw new HostCallError('NETWORK_REFUSED', earlyReason)
  if (proxy !== undefined) {
    await rejectOnAbort(assertProxyTarget(destination.address ?? host, policy, checkAddress), signal)
    return await openProxyTunnel(proxy, { host, port }, signal)
  }
  const address = destination.address ?? (await rejectOnAbort(findAddress(host, checkAddress), signal))
  // The rule ends its own half of the connection.
  const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true })
  await waitForConnect(socket, signal)
  const lateReason = checkAddress(socket.remoteAddress ?? '')
  if (lateReason === undefined) return socket
  socket.destroy()
  throw new HostCallError('NETWORK_REFUSED', lateReason)
}

function waitForConnect(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => void socket.destroy(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', reject)
      resolve()
    })
  })
}

/** Rejects if the signal aborts first: the system's name resolution takes no signal. */
export function rejectOnAbort<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
