import type { Selectivity } from '../sql/database/dialect.ts'
import type { Condition, TextColumn } from './condition.ts'

/** Columns whose values are unique, or nearly. */
const keyColumns: readonly string[] = ['user_id', 'email_folded', 'username', 'phone_number'] satisfies TextColumn[]

/** Estimates how many users a search has to read. */
export function estimateSelectivity(condition: Condition): Selectivity {
  const parts = condition.kind === 'all' ? condition.conditions : [condition]
  if (!parts.some(isEquality) || !parts.every((part) => part.kind === 'flag' || isEquality(part))) return 'wide'
  return parts.some((part) => part.kind === 'text' && keyColumns.includes(part.column)) ? 'key' : 'narrow'
}

function isEquality(condition: Condition): boolean {
  if (condition.kind === 'json') return condition.document !== 'attributes' && condition.test.kind === 'equals'
  return condition.kind === 'text' && condition.test.kind === 'equals'
}
