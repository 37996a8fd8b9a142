import { HostCallError } from './host-call-error.ts'
import { isPublicAddress } from './network-policy.ts'
import { resolveAddresses } from './resolve-addresses.ts'

/** Why a connection to an address is refused; undefined if it is not. */
export type CheckAddress = (address: string) => string | undefined

/**
 * Finds an address of a host that is not refused. The name is resolved once, and the connection goes to the address that
 * was checked. So a name server cannot give another address in between.
 */
export async function findAddress(host: string, checkAddress: CheckAddress): Promise<string> {
  const [address] = selectAddresses(host, await resolveAddresses(host), checkAddress)
  if (address === undefined) throw new HostCallError('NETWORK_REFUSED', `${host} has no address`)
  return address
}

/**
 * Selects the addresses of a name server's answer that are not refused. An answer with public addresses beside a refused one
 * is refused as a whole: no honest name has both, and the next connection would go to the other one.
 *
 * @throws {HostCallError} NETWORK_REFUSED
 */
export function selectAddresses(
  host: string,
  addresses: readonly string[],
  checkAddress: CheckAddress,
): readonly string[] {
  const reasons = addresses.map(checkAddress)
  const firstReason = reasons.find((reason) => reason !== undefined)
  const accepted = addresses.filter((_, index) => reasons[index] === undefined)
  if (firstReason === undefined) return accepted
  if (accepted.length === 0) throw new HostCallError('NETWORK_REFUSED', firstReason)
  if (!accepted.some(isPublicAddress)) return accepted
  const message = `${firstReason}. The name ${host} leads to public addresses, too, and a mixed answer is refused as a whole`
  throw new HostCallError('NETWORK_REFUSED', message)
}
