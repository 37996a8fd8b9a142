import { createHash } from 'node:crypto'

/** The part of a ruleset that decides the outcome of a login. */
interface RulesetContent {
  readonly rules: ReadonlyArray<{
    readonly name: string
    readonly expression: string
    readonly onError: string
    readonly secrets: Readonly<Record<string, string>>
    readonly hosts?: readonly string[]
  }>
  readonly configuration: Readonly<Record<string, string>>
  readonly realm: string
}

/**
 * Hashes a ruleset's content: SHA-256 in hexadecimal.
 *
 * The order in which the rules run counts, and not their numbers. File names do not count: the same rules in another folder
 * are the same ruleset.
 */
export function hashRuleset({ rules, configuration, realm }: RulesetContent): string {
  const scripts = rules.map(({ name, expression, onError, secrets, hosts }) => [
    name,
    expression,
    onError,
    ...sortEntries(secrets),
    ...(hosts === undefined ? [] : [{ hosts }]),
  ])
  const content = [scripts, sortEntries(configuration), realm]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

function sortEntries(map: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(map).toSorted(([one], [other]) => (one < other ? -1 : 1))
}
