import { globSync } from 'node:fs'

/** Lists the pages that examples are taken from, as paths from the root of the repository. */
export function listPages(): readonly string[] {
  return ['README.md', ...globSync('docs/*.md').toSorted()]
}
