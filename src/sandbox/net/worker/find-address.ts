import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { FetchRefusal } from './fetch-refusal.ts'

/**
 * The first address of a host that is not refused. A name is resolved here, once, and the connection goes to the address
 * that was checked, so that a name server cannot answer differently in between.
 */
export async function findAddress(host: string, refuse: (address: string) => string | undefined): Promise<string> {
  const addresses =
    isIP(host) === 0 ? (await lookup(host, { all: true, order: 'ipv4first' })).map((found) => found.address) : [host]
  let refusal = `${host} has no address`
  for (const address of addresses) {
    const reason = refuse(address)
    if (reason === undefined) return address
    refusal = reason
  }
  throw new FetchRefusal('NETWORK_REFUSED', refusal)
}
