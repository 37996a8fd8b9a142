import { duplexPair } from 'node:stream'
import type { WireTunnel } from '../../connection-messages.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import type { OutboundQuota } from '../outbound-quota.ts'
import type { Service } from '../service.ts'
import { SocketConnection } from './socket-connection.ts'
import { runEndedFailure } from './connection-failure.ts'
import type { OwnedConnection, ConnectionOwnership } from './ownership.ts'

interface TunnelOptions {
  readonly ownership: ConnectionOwnership
  readonly limits: SandboxLimits
  readonly quota: OutboundQuota
}

/** TLS adds bytes to what a tunnel carries. */
const overheadFactor = 2

/** Opens the ends of tunnels. TLS runs over the clear end; the rule carries the bytes of the sealed end. */
export function createTunnelService({ ownership, limits, quota }: TunnelOptions): Service {
  return ({ op, input, owner, waiters }, settle) => {
    const tunnelEnd = JSON.parse(input) as WireTunnel
    const isClear = tunnelEnd.tunnel === 'clear'
    const [localEnd, peerEnd] = isClear
      ? duplexPair()
      : [ownership.find(tunnelEnd.clearEnd, waiters).peerEnd, undefined]
    if (localEnd === undefined) throw new Error('there is no such tunnel')
    // Its bytes go over a connection that is counted already. The tunnel counts as one more, because it takes as much memory.
    if (isClear) quota.open(owner)
    let isOpen = true
    const owned: OwnedConnection = {
      owners: new Set(waiters),
      signal: new AbortController().signal,
      connection: new SocketConnection(localEnd, {
        maxBytes: overheadFactor * limits.maxResponseBytes,
        countBytes: () => undefined,
        onClose() {
          ownership.remove(op)
          if (isOpen && isClear) quota.close(owner)
          isOpen = false
        },
      }),
      peerEnd,
      close: () => owned.connection?.destroy(runEndedFailure),
    }
    ownership.add(op, owned)
    const immediate = setImmediate(() => settle(true, '{}'))
    return () => {
      clearImmediate(immediate)
      owned.close()
    }
  }
}
