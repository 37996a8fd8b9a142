import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'

/** An entry of a list of hosts. */
export interface HostPattern {
  /** As it was written. */
  readonly text: string
  /** A name in lower case and ASCII, or an address; for `*.crm.example`, the part after `*.`. */
  readonly host: string
  /** Whether it stands for all names below `host`, and not for `host` itself. */
  readonly isSuffix: boolean
  /** Any port if undefined. */
  readonly port: number | undefined
}

/** The format of an entry, for error messages. */
export const hostPatternFormat =
  'a host such as crm.example, *.crm.example, 203.0.113.5 or [2001:db8::1], each with :port or without, not a URL'

const maxPort = 65_535

/** Parses a host name, `*.` and the end of names, or an address, each with or without a port; undefined for anything else. */
export function parseHostPattern(entry: unknown): HostPattern | undefined {
  if (typeof entry !== 'string') return undefined
  const [, star, bracketed, plain, portText] = /^(\*\.)?(?:\[([^\]]+)\]|([^:/[\]@\s]+))(?::(\d+))?$/.exec(entry) ?? []
  const port = portText === undefined ? undefined : Number(portText)
  if (port !== undefined && (port < 1 || port > maxPort)) return undefined
  const isSuffix = star !== undefined
  if (bracketed !== undefined && (isSuffix || !ipaddr.isValid(bracketed))) return undefined
  const host = normalizeHost(bracketed ?? plain ?? '')
  if (host === undefined || (isSuffix && ipaddr.isValid(host))) return undefined
  return { text: entry, host, isSuffix, port }
}

/** Whether a host is in a list. Without a port, as in a query of a name server, ports do not count. */
export function isHostInList(list: readonly HostPattern[], host: string, port: number | undefined): boolean {
  const normalized = normalizeHost(host)
  if (normalized === undefined) return false
  return list.some(
    (pattern) =>
      (port === undefined || (pattern.port ?? port) === port) &&
      (pattern.isSuffix ? normalized.endsWith(`.${pattern.host}`) : normalized === pattern.host),
  )
}

/** Brings the spellings of one host to one: case, a dot at the end, Unicode, and the forms of an address. */
function normalizeHost(host: string): string | undefined {
  const name = host.replace(/\.$/, '')
  if (ipaddr.IPv6.isValid(name)) return ipaddr.process(name).toString()
  if (!/^[^\s/?#@:%\\[\]]+$/.test(name)) return undefined
  // It also rewrites numbers as addresses, as the resolver of the system would: `127.1` is 127.0.0.1.
  const ascii = domainToASCII(name)
  return /^[\w.-]+$/.test(ascii) ? ascii : undefined
}
