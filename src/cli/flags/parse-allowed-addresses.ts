import { allowedAddressFormat, parseAllowedAddress } from '../../sandbox/net/allowed-address.ts'
import { UsageError } from '../print/usage.ts'

/** The private addresses that `--allow-network` names. A wrong one would be refused in silence, rule by rule, later. */
export function parseAllowedAddresses(entries: readonly string[] = []): readonly string[] {
  const wrongEntry = entries.find((text) => parseAllowedAddress(text) === undefined)
  if (wrongEntry === undefined) return entries
  throw new UsageError(`--allow-network ${wrongEntry}: give ${allowedAddressFormat}`)
}
