import { isIP } from 'node:net'
import type { buildConnector } from 'undici'
import { HostCallError } from './host-call-error.ts'
import { findAddress } from './find-address.ts'
import { loadHttpClient } from './load-http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'
import { assertProxyTarget, openProxyTunnel } from './proxy-tunnel.ts'

/** Connects to addresses that the policy allows, and to no others; through the embedder's proxy if there is one. */
export function createGuardedConnector(
  policy: NetworkPolicy,
  timeoutMs: number,
  proxy: string | undefined,
): buildConnector.connector {
  const connect = loadHttpClient().buildConnector({ timeout: timeoutMs })

  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : Number(options.port)
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined)
    const checkAddress = (address: string): string | undefined => {
      const reason = policy.checkAddress(address, host, port)
      return reason && `fetch refused: ${reason}`
    }
    if (proxy !== undefined) {
      assertProxyTarget(host, policy, checkAddress)
        .then(() => openProxyTunnel(proxy, { host, port }, AbortSignal.timeout(timeoutMs)))
        .then(
          (socket) => {
            if (options.protocol !== 'https:') callback(null, socket)
            else
              connect({ ...options, ...(servername === undefined ? {} : { servername }), httpSocket: socket }, callback)
          },
          (error: unknown) => callback(error as Error, null),
        )
      return
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
