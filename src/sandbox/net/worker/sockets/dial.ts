import { type Socket, connect } from 'node:net'
import type { WireConnect } from '../../connection-messages.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import { findAddress } from '../find-address.ts'
import type { NetworkPolicy } from '../network-policy.ts'

/** Where to connect to: a host, or one of the addresses that a name server gave for it. */
export interface Destination extends WireConnect {
  readonly address?: string | undefined
}

/** Connects to an address that the policy allows, and to no other; it is checked before and after. */
export async function dial(to: Destination, policy: NetworkPolicy, signal: AbortSignal): Promise<Socket> {
  const { host, port } = to
  const refuse = (address?: string): string | undefined => {
    const reason = policy.refuseConnection(host, port, address)
    return reason && `connection to ${host}:${port} refused: ${reason}`
  }
  const early = refuse(to.address)
  if (early !== undefined) throw new FetchRefusal('NETWORK_REFUSED', early)
  const address = to.address ?? (await unlessAborted(findAddress(host, refuse), signal))
  // How a rule's socket ends its own half is the rule's to say.
  const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true })
  await connected(socket, signal)
  const late = refuse(socket.remoteAddress ?? '')
  if (late === undefined) return socket
  socket.destroy()
  throw new FetchRefusal('NETWORK_REFUSED', late)
}

function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => void socket.destroy(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      signal.removeEventListener('abort', giveUp)
      socket.off('error', reject)
      resolve()
    })
  })
}

/** Names are resolved by the system, which knows of no signals. */
export function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
