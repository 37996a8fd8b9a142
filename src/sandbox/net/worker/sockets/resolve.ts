import { lookup, resolveSrv, resolveTxt } from 'node:dns/promises'
import type { WireRecords, WireResolve } from '../../connection-messages.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import type { NetworkPolicy } from '../network-policy.ts'

/** Asks the name server for a rule. Of addresses it learns those that rules may connect to. */
export async function resolve(
  { name, type }: WireResolve,
  policy: NetworkPolicy,
): Promise<WireRecords[keyof WireRecords]> {
  if (type === 'SRV') return resolveSrv(name)
  if (type === 'TXT') return resolveTxt(name)
  const found = (await lookup(name, { all: true, order: 'ipv4first' })).map(({ address }) => address)
  const allowed = found.filter((address) => policy.refuseAddress(address, name) === undefined)
  const [first] = found
  if (allowed.length > 0 || first === undefined) return allowed
  throw new FetchRefusal('NETWORK_REFUSED', `lookup refused: ${policy.refuseAddress(first, name)}`)
}
