import { attributeRows } from '../attributes/attributes.ts'

/**
 * A user as the Management API shows it: every attribute that can be read, and whatever else is kept. The bounds are left
 * out: they are those of what this API sets, and what comes from a provider or an import may be outside of them.
 */
export const publicUserSchema = {
  type: 'object',
  properties: Object.fromEntries(
    attributeRows
      .filter(([, { isReadable: readable }]) => readable)
      .map(([name, { schema, description, isCreatable: create, update }]) => [
        name,
        { ...removeBounds(schema), description, ...(create || update !== 'never' ? {} : { readOnly: true }) },
      ]),
  ),
} as const

function removeBounds(schema: object): object {
  const { minLength: _minLength, maxLength: _maxLength, pattern: _pattern, ...rest } = schema as Record<string, unknown>
  return rest
}
