import ipaddr from 'ipaddr.js'

/** An address, or a block of addresses, that the embedder lets rules connect to. */
export interface AllowedAddress {
  readonly host?: string
  readonly block?: [ipaddr.IPv4 | ipaddr.IPv6, number]
  /** Any port if undefined. */
  readonly port: number | undefined
}

/** The format of an entry, for error messages. */
export const allowedAddressFormat = 'host, host:port or a block such as 10.0.0.0/8, not a URL'

/** Parses a host name, an address or a block, each with or without a port; undefined for anything else. */
export function parseAllowedAddress(entry: unknown): AllowedAddress | undefined {
  if (typeof entry !== 'string') return undefined
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:]+|[^\]]*:[^\]]*:[^\]]*?))(?::(\d+))?$/.exec(entry) ?? []
  const host = (bracketed ?? plain)?.toLowerCase()
  const port = portText === undefined ? undefined : Number(portText)
  if (host === undefined || (port !== undefined && !isPort(port))) return undefined
  if (ipaddr.isValidCIDR(host)) return { block: ipaddr.parseCIDR(host), port }
  if (ipaddr.isValid(host)) {
    const address = ipaddr.process(host)
    return { block: [address, address.kind() === 'ipv4' ? 32 : 128], port }
  }
  return /^[\w.-]+$/.test(host) && !/^[\d.]+$/.test(host) ? { host, port } : undefined
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}
