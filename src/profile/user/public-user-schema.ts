import { attributeRows } from '../attributes/attributes.ts'

/**
 * A user as the Management API shows it: every readable attribute, and any further one.
 *
 * Bounds are omitted. They apply to values that this API sets; values from a provider or an import may exceed them.
 */
export const publicUserSchema = {
  type: 'object',
  properties: Object.fromEntries(
    attributeRows
      .filter(([, { isReadable }]) => isReadable)
      .map(([name, { schema, description, isCreatable, update }]) => [
        name,
        { ...removeBounds(schema), description, ...(isCreatable || update !== 'never' ? {} : { readOnly: true }) },
      ]),
  ),
} as const

function removeBounds(schema: object): object {
  const { minLength: _minLength, maxLength: _maxLength, pattern: _pattern, ...rest } = schema as Record<string, unknown>
  return rest
}
