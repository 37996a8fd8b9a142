import { inspect } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { describeType } from '../../errors/known-names.ts'
import { hostPatternFormat, parseHostPattern } from '../../sandbox/net/host-pattern.ts'

/**
 * Asserts that an option is a list of hosts. An invalid entry would never match, and requests would be refused.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT
 */
export function assertHosts(option: string, hosts: unknown): void {
  const fault = findFault(hosts)
  if (fault !== undefined) throw new ClaimsmithError('INVALID_ARGUMENT', `${option}${fault}`)
}

/**
 * Asserts that the hosts of a rule are hosts.
 *
 * @throws {ClaimsmithError} INVALID_RULESET with details `rule` and `field`
 */
export function assertRuleHosts(rule: string, hosts: readonly string[]): void {
  const fault = findFault(hosts)
  if (fault === undefined) return
  const details = { rule, field: 'hosts' }
  throw new ClaimsmithError('INVALID_RULESET', `The rule "${rule}" is not valid: hosts${fault}`, { details })
}

function findFault(hosts: unknown): string | undefined {
  if (!Array.isArray(hosts)) return ` is ${describeType(hosts)}; a list belongs there, such as ['crm.example']`
  const entries = hosts as readonly unknown[]
  const index = entries.findIndex((entry) => parseHostPattern(entry) === undefined)
  return index === -1 ? undefined : `[${index}] is ${inspect(entries[index])}; give ${hostPatternFormat}`
}
