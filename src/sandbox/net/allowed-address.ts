import ipaddr from 'ipaddr.js'

/** Where rules may connect to, as the embedder allows it. */
export interface AllowedAddress {
  readonly host?: string
  readonly block?: [ipaddr.IPv4 | ipaddr.IPv6, number]
  readonly port?: number
}

/** What an entry has to be, for messages. */
export const allowedAddressFormat = 'host, host:port or a block such as 10.0.0.0/8, and no URL'

/** Host name, address or block, with a port or without; undefined where it is none, and would never match. */
export function parseAllowedAddress(entry: unknown): AllowedAddress | undefined {
  if (typeof entry !== 'string') return undefined
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+|[^\]]*:[^\]]*:[^\]]*?))(?::(\d+))?$/.exec(entry) ?? []
  const host = (bracketed ?? plain)?.toLowerCase()
  if (host === undefined || (port !== undefined && !isPort(Number(port)))) return undefined
  const portField = port === undefined ? {} : { port: Number(port) }
  if (ipaddr.isValidCIDR(host)) return { block: ipaddr.parseCIDR(host), ...portField }
  if (ipaddr.isValid(host)) {
    const address = ipaddr.process(host)
    return { block: [address, address.kind() === 'ipv4' ? 32 : 128], ...portField }
  }
  return /^[\w.-]+$/.test(host) && !/^[\d.]+$/.test(host) ? { host, ...portField } : undefined
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}
