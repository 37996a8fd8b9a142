import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { buildConnector } from 'undici'
import { FetchRefusal } from './fetch-refusal.ts'
import { httpClient } from './http-client.ts'
import type { NetworkPolicy } from './network-policy.ts'

/**
 * Connects to addresses that the policy allows, and to no others: a name is resolved here, once, and the connection goes
 * to the address that was checked, so that a name server cannot answer differently in between.
 */
export function createGuardedConnector(policy: NetworkPolicy, timeoutMs: number): buildConnector.connector {
  const connect = httpClient().buildConnector({ timeout: timeoutMs })

  async function findAddress(host: string, port: number): Promise<string> {
    const addresses =
      isIP(host) === 0 ? (await lookup(host, { all: true, order: 'ipv4first' })).map((found) => found.address) : [host]
    let refusal = `${host} has no address`
    for (const address of addresses) {
      const reason = policy.refuseAddress(address, host, port)
      if (reason === undefined) return address
      refusal = reason
    }
    throw new FetchRefusal('NETWORK_REFUSED', `fetch refused: ${refusal}`)
  }

  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = options.port === '' ? (options.protocol === 'https:' ? 443 : 80) : Number(options.port)
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined)
    findAddress(host, port).then(
      (address) => {
        connect(
          { ...options, hostname: address, ...(servername === undefined ? {} : { servername }) },
          (error, socket) => {
            if (error !== null) {
              callback(error, null)
              return
            }
            const reason = policy.refuseAddress(socket.remoteAddress ?? '', host, port)
            if (reason === undefined) {
              callback(null, socket)
              return
            }
            socket.destroy()
            callback(new FetchRefusal('NETWORK_REFUSED', `fetch refused: ${reason}`), null)
          },
        )
      },
      (error: unknown) => callback(error as Error, null),
    )
  }
}
