import { lookup, resolveSrv, resolveTxt } from 'node:dns/promises'
import type { WireRecords, WireResolve } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import type { NetworkPolicy } from '../network-policy.ts'

/** Asks the name server for a rule. Of addresses it learns those that rules may connect to. */
export async function resolveName(
  { name, type }: WireResolve,
  policy: NetworkPolicy,
): Promise<WireRecords[keyof WireRecords]> {
  if (type === 'SRV') return resolveSrv(name)
  if (type === 'TXT') return resolveTxt(name)
  const addresses = (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address)
  const allowedAddresses = addresses.filter((address) => policy.checkAddress(address, name) === undefined)
  const [firstAddress] = addresses
  if (allowedAddresses.length > 0 || firstAddress === undefined) return allowedAddresses
  throw new HostCallError('NETWORK_REFUSED', `lookup refused: ${policy.checkAddress(firstAddress, name)}`)
}
