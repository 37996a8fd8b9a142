import { isIP } from 'node:net'
import type { buildConnector } from 'undici'
import { FetchRefusal } from './fetch-refusal.ts'
import { findAddress } from './find-address.ts'
import { httpClient } from './http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'

/** Connects to addresses that the policy allows, and to no others. */
export function createGuardedConnector(policy: NetworkPolicy, timeoutMs: number): buildConnector.connector {
  const connect = httpClient().buildConnector({ timeout: timeoutMs })

  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : Number(options.port)
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined)
    const refuse = (address: string): string | undefined => {
      const reason = policy.refuseAddress(address, host, port)
      return reason && `fetch refused: ${reason}`
    }
    findAddress(host, refuse).then(
      (address) => {
        connect(
          { ...options, hostname: address, ...(servername === undefined ? {} : { servername }) },
          (error, socket) => {
            if (error !== null) {
              callback(error, null)
              return
            }
            const reason = refuse(socket.remoteAddress ?? '')
            if (reason === undefined) {
              callback(null, socket)
              return
            }
            socket.destroy()
            callback(new FetchRefusal('NETWORK_REFUSED', reason), null)
          },
        )
      },
      (error: unknown) => callback(error as Error, null),
    )
  }
}
