/** Which attributes an answer shows. */
export interface FieldSelection {
  /** Comma-separated. */
  readonly fields?: string
  /** Whether `fields` are those shown (default), or those left out. */
  readonly include_fields?: boolean
}

/** The query parameters of a selection. */
export const fieldSelection = {
  fields: { type: 'string', pattern: '^[^,]+(,[^,]+)*$' },
  include_fields: { type: 'boolean' },
} as const

export function selectFields(
  value: Readonly<Record<string, unknown>>,
  { fields, include_fields: isIncluded = true }: FieldSelection,
): Record<string, unknown> {
  if (fields === undefined) return { ...value }
  const names = new Set(fields.split(',').map((name) => name.trim()))
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name) === isIncluded))
}
