import type { Condition } from './condition.ts'

/** Whether an index leads to few users, most likely, and a look at each of them is quick. */
export function isNarrow(condition: Condition): boolean {
  if (condition.kind !== 'all') return isEquality(condition)
  return (
    condition.conditions.some(isEquality) &&
    condition.conditions.every((part) => part.kind === 'flag' || isEquality(part))
  )
}

function isEquality(condition: Condition): boolean {
  if (condition.kind === 'json') return condition.document !== 'attributes' && condition.test.kind === 'equals'
  return condition.kind === 'text' && condition.test.kind === 'equals'
}
