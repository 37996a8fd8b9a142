import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { HostCallError } from './host-call-error.ts'

/**
 * Finds the first address of a host that is not refused. The name is resolved once, and the connection goes to the address
 * that was checked. So a name server cannot give another address in between.
 */
export async function findAddress(
  host: string,
  checkAddress: (address: string) => string | undefined,
): Promise<string> {
  const addresses =
    isIP(host) === 0 ? (await lookup(host, { all: true, order: 'ipv4first' })).map((record) => record.address) : [host]
  let lastReason = `${host} has no address`
  for (const address of addresses) {
    const reason = checkAddress(address)
    if (reason === undefined) return address
    lastReason = reason
  }
  throw new HostCallError('NETWORK_REFUSED', lastReason)
}
