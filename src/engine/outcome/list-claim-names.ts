import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import { findClaimWrites } from '../../rules/analysis/claim-writes.ts'
import { parseScript } from '../../rules/source/parsed-script.ts'

/**
 * The claims that rules and actions set, as far as their source and the configuration show it. Each once, in order.
 *
 * @example
 * const { idToken, accessToken } = engine.listClaimNames()
 */
export interface ClaimNames {
  readonly idToken: readonly string[]
  readonly accessToken: readonly string[]
}

/** Reads the names of claims from the source of the rules. Names that are computed at run time are missing. */
export function listClaimNames({ rules, configuration }: Ruleset): ClaimNames {
  const claims = rules.flatMap(({ expression }) => findClaimWrites(parseScript(expression)))
  const listNames = (tokenName: 'idToken' | 'accessToken'): string[] => {
    const names = claims
      .filter(({ token }) => token === tokenName)
      .map(({ name }) => fillPlaceholders(name, configuration))
    return [...new Set(names.filter((name) => !name.includes('${')))]
  }
  return { idToken: listNames('idToken'), accessToken: listNames('accessToken') }
}

/** Replaces `${configuration.KEY}` in a name by the configuration's value. */
function fillPlaceholders(name: string, configuration: Readonly<Record<string, string>>): string {
  return name.replaceAll(
    /\$\{configuration(?:\.(\w+)|\[['"]([^'"]+)['"]\])\}/g,
    (match, dotted?: string, bracketed?: string) => {
      const key = dotted ?? bracketed ?? ''
      return Object.hasOwn(configuration, key) ? (configuration[key] ?? match) : match
    },
  )
}
