import { Resolver, lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { findHostsEntries, hostsFile } from '../hosts-file.ts'

export interface ResolveOptions {
  /** Text of the hosts file. Default: the system's. */
  readonly hostsText?: string
  /** Name servers. Default: the system's. */
  readonly servers?: readonly string[]
}

/** Both tries end before the default of `requestTimeoutMs`. */
const queryOptions = { timeout: 1_500, tries: 2 }

/**
 * Resolves a name to its addresses, those of IPv4 first; an address is its own.
 *
 * `dns.lookup` takes a thread of libuv's pool for as long as the name server does not answer. The pool is small, and a rule
 * can choose a name whose server never answers: then the names of other logins would wait for it. So a name is looked for in
 * the hosts file, then asked for by DNS, which takes no thread. `lookup` is used only if DNS does not know the name: the
 * system may have other sources for it, such as search domains.
 *
 * @throws Node's error, with the code ENOTFOUND, or EAI_AGAIN if no name server answers
 */
export async function resolveAddresses(host: string, { hostsText, servers }: ResolveOptions = {}): Promise<string[]> {
  if (isIP(host) !== 0) return [host]
  const name = host.replace(/\.$/, '')
  const ownAddresses = findHostsEntries(hostsText ?? readHostsFile(), name)
  if (ownAddresses.length > 0) return ownAddresses
  // A resolver reads the system's configuration when it is made, and keeps no answers.
  const resolver = new Resolver(queryOptions)
  if (servers !== undefined) resolver.setServers(servers)
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (addresses.length > 0) return addresses
  if (answers.some(isUnanswered)) {
    throw Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), { code: 'EAI_AGAIN' })
  }
  return (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address)
}

/** Empty if there is no such file. */
function readHostsFile(): string {
  try {
    return readFileSync(hostsFile, 'utf8')
  } catch {
    return ''
  }
}

function isUnanswered(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && (answer.reason as { readonly code?: unknown }).code === 'ETIMEOUT'
}
