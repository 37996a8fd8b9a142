import type { Ruleset } from '../../rules/ruleset/ruleset.ts'
import { claimsOf } from '../../rules/analysis/claims.ts'
import { treeOf } from '../../rules/source/tree.ts'

/** The claims that rules and actions set, as far as their text and the configuration show it; each once, in order. */
export interface ClaimNames {
  readonly idToken: readonly string[]
  readonly accessToken: readonly string[]
}

/** Reads the names of the claims off the rules; a name that only running a rule would tell is not among them. */
export function claimNames({ rules, configuration }: Ruleset): ClaimNames {
  const found = rules.flatMap(({ expression }) => claimsOf(treeOf(expression)))
  const of = (wanted: 'idToken' | 'accessToken'): string[] => {
    const names = found.filter(({ token }) => token === wanted).map(({ name }) => filledIn(name, configuration))
    return [...new Set(names.filter((name) => !name.includes('${')))]
  }
  return { idToken: of('idToken'), accessToken: of('accessToken') }
}

/** A name's text as `claimsOf` gives it, with what the configuration says in place of `${configuration.KEY}`. */
function filledIn(name: string, configuration: Readonly<Record<string, string>>): string {
  return name.replaceAll(
    /\$\{configuration(?:\.(\w+)|\[['"]([^'"]+)['"]\])\}/g,
    (whole, dotted?: string, bracketed?: string) => {
      const key = dotted ?? bracketed ?? ''
      return Object.hasOwn(configuration, key) ? (configuration[key] ?? whole) : whole
    },
  )
}
