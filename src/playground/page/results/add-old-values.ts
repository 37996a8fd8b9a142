import type { Change } from '../../../profile/schema/changes.ts'

/** A change with the value that it replaces. */
export interface ChangeWithOldValue extends Change {
  readonly old?: unknown
}

/** Adds the old value to each change, by applying the changes of the rules in order. */
export function addOldValues(before: object, changes: readonly (readonly Change[])[]): readonly ChangeWithOldValue[][] {
  const currentValues = new Map<string, unknown>()
  collectValues(before, '', currentValues)
  return changes.map((ruleChanges) =>
    ruleChanges.map((change) => {
      const { path, value } = change
      const old = currentValues.get(path)
      if (value === undefined) currentValues.delete(path)
      else collectValues(value, path, currentValues)
      return { ...change, old }
    }),
  )
}

/** Adds every value of a tree to `into`, by its JSON Pointer (RFC 6901). */
function collectValues(value: unknown, path: string, into: Map<string, unknown>): void {
  into.set(path, value)
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    collectValues(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, into)
  }
}
