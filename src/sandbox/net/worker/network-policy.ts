import ipaddr from 'ipaddr.js'
import { type AllowedAddress, parseAllowedAddress } from '../allowed-address.ts'
import { type HostPattern, isHostInList, parseHostPattern } from '../host-pattern.ts'
import type { NetworkOptions } from '../../wire/protocol.ts'
import type { RuleEgress } from './outbound-run.ts'
import { getHost, getPort } from './url-parts.ts'

/** Decides which hosts and addresses rules may connect to. A connection needs the consent of each check. */
export interface NetworkPolicy {
  /** Whether the engine has a list of hosts. */
  readonly hasHostList: boolean
  /**
   * Why a rule may not call a host, or look up its name; undefined if it may. The engine's list decides, and the rule's own
   * as well. Without a port: a query of a name server, which could carry data out as a call could.
   */
  checkHost(host: string, port: number | undefined, egress: RuleEgress): string | undefined
  /** Why a request to this URL is refused before its name is resolved; undefined if it is not. */
  checkUrl(url: URL): string | undefined
  /** Why a connection to `address`, found for `host`, is refused; undefined if it is not. Without a port: on any port. */
  checkAddress(address: string, host: string, port?: number): string | undefined
  /** The same for a connection that does not carry HTTP; `address` is undefined before the name is resolved. */
  checkConnection(host: string, port: number, address?: string): string | undefined
}

/** Ports of services that read any bytes as commands. HTTP servers do not use them. */
const blockedPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 3306,
  3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042,
  10080, 11211, 27017,
])

/** Those of them that databases listen on: drivers may connect to them at public addresses. */
const databasePorts = new Set([1433, 1521, 3306, 5432, 6379, 9042, 11211, 27017])

/**
 * Reads what the embedder allows: host names, addresses, CIDR blocks, each with `:port` or without
 * (`localhost`, `10.0.0.0/8`, `[::1]:8080`, `crm.internal:443`). Any other address that is not public unicast is refused.
 */
export function createNetworkPolicy(options: NetworkOptions): NetworkPolicy {
  const engineHosts = options.hosts?.map(parseHostPattern).filter((pattern) => pattern !== undefined)
  const allowedEntries = (options.allow ?? []).map(parseAllowedAddress).filter((entry) => entry !== undefined)

  function isAllowed(host: string, address: string, port: number | undefined): boolean {
    return allowedEntries.some(
      (entry) => (port === undefined || (entry.port ?? port) === port) && isMatch(entry, host, address),
    )
  }

  function checkAddress(address: string, host: string, port?: number): string | undefined {
    if (!ipaddr.isValid(address)) return `${host} has no valid address`
    const range = getAddressRange(address)
    if (range === 'unicast' || isAllowed(host, address, port)) return undefined
    return `${describeHost(host, address)} a ${range} address; it is not in the engine's network.allow`
  }

  /** A blocked port must be allowed by its number: an entry for a network does not include its mail server. */
  function isPortAllowed(host: string, address: string | undefined, port: number): boolean {
    return allowedEntries.some((entry) => entry.port === port && isMatch(entry, host, address))
  }

  return {
    hasHostList: engineHosts !== undefined,
    checkHost(host, port, { rule, hosts }) {
      const lists = [
        [engineHosts, 'network.hosts of the engine'],
        [hosts, `the hosts of the rule "${rule}"`],
      ] as const
      const [list, label] = lists.find(([one]) => one !== undefined && !isHostInList(one, host, port)) ?? []
      if (list === undefined) return undefined
      const subject = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`
      return `${subject} is not in ${label}: ${describeHosts(list)}`
    },
    checkAddress,
    checkConnection(host, port, address = ipaddr.isValid(host) ? host : undefined) {
      const reason = address === undefined ? undefined : checkAddress(address, host, port)
      if (reason !== undefined || !blockedPorts.has(port) || isPortAllowed(host, address, port)) return reason
      if (databasePorts.has(port) && (address === undefined || isPublicAddress(address))) return undefined
      return `port ${port} of ${host} must be allowed by its number in the engine's network.allow`
    },
    checkUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is not http: or https:`
      if (url.username !== '' || url.password !== '') return 'the URL carries a user name or password; send a header'
      const host = getHost(url)
      const port = getPort(url)
      const address = ipaddr.isValid(host) ? host : undefined
      if (blockedPorts.has(port) && !isPortAllowed(host, address, port))
        return `port ${port} belongs to another protocol; it is not in the engine's network.allow by its number`
      return address === undefined ? undefined : checkAddress(address, host, port)
    },
  }
}

const maxShownHosts = 8

function describeHosts(list: readonly HostPattern[]): string {
  if (list.length === 0) return 'it is empty'
  const shown = list.slice(0, maxShownHosts).map(({ text }) => text)
  return [...shown, ...(list.length > maxShownHosts ? [`and ${list.length - maxShownHosts} more`] : [])].join(', ')
}

/** Describes what a rule asked for. A rule does not learn the private address that a name leads to. */
function describeHost(host: string, address: string): string {
  return ipaddr.isValid(host) && ipaddr.process(host).toString() === ipaddr.process(address).toString()
    ? `${host} is`
    : `${host} leads to`
}

/** Whether anybody may connect to an address: it is public unicast, and belongs to no service of the machine's host. */
export function isPublicAddress(address: string): boolean {
  return getAddressRange(address) === 'unicast'
}

function isMatch(entry: AllowedAddress, host: string, address: string | undefined): boolean {
  if (entry.host !== undefined) return entry.host === host
  return entry.block !== undefined && address !== undefined && isInBlock(entry.block, address)
}

const globalUnicast = ipaddr.parseCIDR('2000::/3')
/** A public unicast address, but on Azure it belongs to services of the host. */
const azureHost = '168.63.129.16'

function getAddressRange(address: string): string {
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (range !== 'unicast') return range
  if (parsed.toString() === azureHost) return 'cloud host'
  return parsed.kind() === 'ipv4' || isInBlock(globalUnicast, address) ? range : 'reserved'
}

function isInBlock(block: [ipaddr.IPv4 | ipaddr.IPv6, number], address: string): boolean {
  const parsed = ipaddr.process(address)
  return parsed.kind() === block[0].kind() && parsed.match(block)
}
