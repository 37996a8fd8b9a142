import { isIP } from 'node:net'
import type { buildConnector } from 'undici'
import { HostCallError } from './host-call-error.ts'
import { findAddress } from './find-address.ts'
import { loadHttpClient } from './load-http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'

/** Connects to addresses that the policy allows, and to no others. */
export function createGuardedConnector(policy: NetworkPolicy, timeoutMs: number): buildConnector.connector {
  const connect = loadHttpClient().buildConnector({ timeout: timeoutMs })

  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : Number(options.port)
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined)
    const checkAddress = (address: string): string | undefined => {
      const reason = policy.checkAddress(address, host, port)
      return reason && `fetch refused: ${reason}`
    }
    findAddress(host, checkAddress).then(
      (address) => {
        connect(
          { ...options, hostname: address, ...(servername === undefined ? {} : { servername }) },
          (error, socket) => {
            if (error !== null) {
              callback(error, null)
              return
            }
            const reason = checkAddress(socket.remoteAddress ?? '')
            if (reason === undefined) {
              callback(null, socket)
              return
            }
            socket.destroy()
            callback(new HostCallError('NETWORK_REFUSED', reason), null)
          },
        )
      },
      (error: unknown) => callback(error as Error, null),
    )
  }
}
