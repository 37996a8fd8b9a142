import { allowedForm, readAllowed } from '../../sandbox/net/allowed-address.ts'
import { UsageError } from '../print/usage.ts'

/** The private addresses that `--allow-network` names. A wrong one would be refused in silence, rule by rule, later. */
export function allowedAddresses(entries: readonly string[] = []): readonly string[] {
  const wrong = entries.find((text) => readAllowed(text) === undefined)
  if (wrong === undefined) return entries
  throw new UsageError(`--allow-network ${wrong}: give ${allowedForm}`)
}
