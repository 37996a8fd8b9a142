import { attributeRows } from './attributes.ts'

/** A user as the Management API shows it: every attribute that can be read, and whatever else is kept. */
export const shownUserSchema = {
  type: 'object',
  properties: Object.fromEntries(
    attributeRows
      .filter(([, { readable }]) => readable)
      .map(([name, { schema, description, create, update }]) => [
        name,
        { ...schema, description, ...(create || update !== 'never' ? {} : { readOnly: true }) },
      ]),
  ),
} as const
