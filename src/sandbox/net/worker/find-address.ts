import { HostCallError } from './host-call-error.ts'
import { resolveAddresses } from './resolve-addresses.ts'

/**
 * Finds the first address of a host that is not refused. The name is resolved once, and the connection goes to the address
 * that was checked. So a name server cannot give another address in between.
 */
export async function findAddress(
  host: string,
  checkAddress: (address: string) => string | undefined,
): Promise<string> {
  let lastReason = `${host} has no address`
  for (const address of await resolveAddresses(host)) {
    const reason = checkAddress(address)
    if (reason === undefined) return address
    lastReason = reason
  }
  throw new HostCallError('NETWORK_REFUSED', lastReason)
}
