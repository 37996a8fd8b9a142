import type { FromSchema } from 'json-schema-to-ts'

/** The query parameters that choose the members of each item. */
export const fieldSelection = {
  /** Comma-separated. */
  fields: { type: 'string', pattern: '^[^,]+(,[^,]+)*$' },
  /** Whether the answer holds only `fields` (default), or everything else. */
  include_fields: { type: 'boolean' },
} as const

export type FieldSelection = FromSchema<{
  type: 'object'
  properties: typeof fieldSelection
  additionalProperties: false
}>

export function selectFields(
  value: Readonly<Record<string, unknown>>,
  { fields, include_fields: isIncluded = true }: FieldSelection,
): Record<string, unknown> {
  if (fields === undefined) return { ...value }
  const names = new Set(fields.split(',').map((name) => name.trim()))
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name) === isIncluded))
}
