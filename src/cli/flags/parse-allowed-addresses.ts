import { allowedAddressFormat, parseAllowedAddress } from '../../sandbox/net/allowed-address.ts'
import { UsageError } from '../usage-error.ts'

/** Checks the values of `--allow-network` now: a wrong one would otherwise only show as a failed request of a rule. */
export function parseAllowedAddresses(entries: readonly string[] = []): readonly string[] {
  const wrongEntry = entries.find((text) => parseAllowedAddress(text) === undefined)
  if (wrongEntry === undefined) return entries
  throw new UsageError(`--allow-network ${wrongEntry}: give ${allowedAddressFormat}`)
}
