import { UsageError } from './usage.ts'

/** A host name or an address (IPv6 in brackets where a port follows), a block where `/bits` follows, and a port. */
const entry = /^(?:\[[\da-f:.]+\]|[\da-f:]+(?:\.[\d.]+)?|[\w.-]+)(?:\/\d{1,3})?(?::\d{1,5})?$/i

/** The private addresses that `--allow-network` names. A wrong one would be refused in silence, rule by rule, later. */
export function allowedAddresses(entries: readonly string[] = []): readonly string[] {
  const wrong = entries.find((text) => !entry.test(text))
  if (wrong === undefined) return entries
  throw new UsageError(`--allow-network ${wrong}: give host, host:port or a block such as 10.0.0.0/8, and no URL`)
}
