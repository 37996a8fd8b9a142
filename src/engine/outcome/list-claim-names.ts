import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import { findClaimWrites } from '../../rules/analysis/claim-writes.ts'
import { parseScript } from '../../rules/source/parsed-script.ts'

/** The claims that rules and actions set, as far as their text and the configuration show it; each once, in order. */
export interface ClaimNames {
  readonly idToken: readonly string[]
  readonly accessToken: readonly string[]
}

/** Reads the names of the claims off the rules; a name that only running a rule would tell is not among them. */
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

/** A name's text as `claimsOf` gives it, with what the configuration says in place of `${configuration.KEY}`. */
function fillPlaceholders(name: string, configuration: Readonly<Record<string, string>>): string {
  return name.replaceAll(
    /\$\{configuration(?:\.(\w+)|\[['"]([^'"]+)['"]\])\}/g,
    (match, dotted?: string, bracketed?: string) => {
      const key = dotted ?? bracketed ?? ''
      return Object.hasOwn(configuration, key) ? (configuration[key] ?? match) : match
    },
  )
}
