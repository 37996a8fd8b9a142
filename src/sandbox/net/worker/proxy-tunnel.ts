import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import type { WireConnect } from '../connection-messages.ts'
import { type CheckAddress, findAddress } from './find-address.ts'
import { HostCallError } from './host-call-error.ts'
import type { NetworkPolicy } from './network-policy.ts'

/**
 * Opens a connection to a host through the embedder's proxy, by CONNECT. The proxy may be at any address. Rules learn neither
 * its address nor its credentials.
 */
export function openProxyTunnel(proxy: string, { host, port }: WireConnect, signal: AbortSignal): Promise<Socket> {
  const { protocol, hostname, port: proxyPort, username, password } = new URL(proxy)
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const send = protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const failTunnel = (reason: string): void => {
      reject(signal.aborted ? signal.reason : new HostCallError('ECONNREFUSED', `the proxy of network.proxy ${reason}`))
    }
    const request = send({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: proxyPort === '' ? (protocol === 'https:' ? 443 : 80) : Number(proxyPort),
      method: 'CONNECT',
      path: authority,
      agent: false,
      signal,
      headers: {
        host: authority,
        ...(username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
    })
    request.once('error', (error: NodeJS.ErrnoException) =>
      failTunnel(`cannot be reached: ${error.code ?? 'an error'}`),
    )
    // A proxy that does not tunnel answers like a server.
    request.once('response', (response) => {
      response.destroy()
      failTunnel(`answered CONNECT with ${response.statusCode}`)
    })
    request.once('connect', (response, socket: Socket, head) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        failTunnel(`answered CONNECT with ${response.statusCode}`)
        return
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    request.end()
  })
}

/**
 * Checks the addresses of a host that a proxy will resolve. They are resolved here first, since the proxy may reach private
 * addresses. A name that is unknown here cannot be checked, so the embedder's list of hosts must have it.
 *
 * @throws {HostCallError} NETWORK_REFUSED
 */
export async function assertProxyTarget(
  host: string,
  policy: NetworkPolicy,
  checkAddress: CheckAddress,
): Promise<void> {
  try {
    await findAddress(host, checkAddress)
  } catch (error) {
    if (error instanceof HostCallError) throw error
    if (policy.hasHostList) return
    const message = `${host} cannot be resolved here, so its address cannot be checked; network.hosts of the engine has to name it`
    throw new HostCallError('NETWORK_REFUSED', message)
  }
}
