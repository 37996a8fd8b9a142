import type { Change } from '../../../profile/schema/changes.ts'

/** A change with the value that it takes the place of. */
export interface ShownChange extends Change {
  readonly old?: unknown
}

/** Goes through the changes of each rule in turn, and finds what was there before each. */
export function withOldValues(before: object, changes: readonly (readonly Change[])[]): readonly ShownChange[][] {
  const known = new Map<string, unknown>()
  collect(before, '', known)
  return changes.map((ofRule) =>
    ofRule.map((change) => {
      const { path, value } = change
      const old = known.get(path)
      if (value === undefined) known.delete(path)
      else collect(value, path, known)
      return { ...change, old }
    }),
  )
}

/** Every value of a tree by its JSON Pointer (RFC 6901). */
function collect(value: unknown, path: string, into: Map<string, unknown>): void {
  into.set(path, value)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    collect(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into)
  }
}
