import type { Change } from './changes.ts'
import { collectValues } from './collect-values.ts'

/** A change with the value that it replaces. */
export interface ChangeWithOldValue extends Change {
  readonly old?: unknown
}

/** Adds the old value to each change, by applying the changes of the rules in order. `before` has `user` and `context`. */
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
