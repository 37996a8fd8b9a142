import { duplexPair } from 'node:stream'
import type { WireTunnel } from '../../connection-messages.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import type { Outbound } from '../outbound.ts'
import type { Service } from '../service.ts'
import { createConnection } from './connection.ts'
import { hungUp } from './failure.ts'
import type { Held, HeldConnections } from './held.ts'

interface TunnelOptions {
  readonly held: HeldConnections
  readonly limits: SandboxLimits
  readonly outbound: Outbound
}

/** What goes through a tunnel is larger than what it carries. */
const overhead = 2

/** Opens the ends of tunnels. TLS is spoken over the clear end; the rule carries what comes out of the sealed one. */
export function createTunnels({ held, limits, outbound }: TunnelOptions): Service {
  return ({ op, input, payer, waiting }, settle) => {
    const end = JSON.parse(input) as WireTunnel
    const isClear = end.tunnel === 'clear'
    const [near, far] = isClear ? duplexPair() : [held.find(end.of, waiting).far, undefined]
    if (near === undefined) throw new Error('there is no such tunnel')
    // What it carries goes over a connection that is counted; this counts as one besides, since it takes as much room.
    if (isClear) outbound.open(payer)
    let isOpen = true
    const own: Held = {
      owners: new Set(waiting),
      signal: new AbortController().signal,
      connection: createConnection(near, {
        maxBytes: overhead * limits.maxResponseBytes,
        count: () => undefined,
        onClose() {
          held.remove(op)
          if (isOpen && isClear) outbound.close(payer)
          isOpen = false
        },
      }),
      far,
      hangUp: () => own.connection?.destroy(hungUp),
    }
    held.add(op, own)
    const soon = setImmediate(() => settle(true, '{}'))
    return () => {
      clearImmediate(soon)
      own.hangUp()
    }
  }
}
