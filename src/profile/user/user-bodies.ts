import { type Attribute, attributeRows } from '../attributes/attributes.ts'

/** Members of a create or an update beside the attributes. They are not stored. */
const instructions = {
  create: { connection: { type: 'string', minLength: 1 }, verify_email: { type: 'boolean' } },
  update: {
    connection: { type: 'string', minLength: 1 },
    client_id: { type: 'string', minLength: 1 },
    verify_email: { type: 'boolean' },
    verify_phone_number: { type: 'boolean' },
  },
} as const

const surplusHint = 'consider storing them in app_metadata or user_metadata'

/** The body of a call that creates a user. */
export const newUserBody = {
  type: 'object',
  properties: {
    ...buildSchemas(
      ({ isCreatable }) => isCreatable,
      () => false,
    ),
    ...instructions.create,
  },
  required: ['connection'],
  additionalProperties: false,
  'x-surplus': surplusHint,
}

/** The body of a call that changes a user. */
export const userPatchBody = {
  type: 'object',
  properties: {
    ...buildSchemas(
      ({ update }) => update !== 'never',
      ({ isNullable }) => isNullable,
    ),
    ...instructions.update,
  },
  minProperties: 1,
  additionalProperties: false,
  'x-surplus': surplusHint,
}

/** Removes the members of a patch that are not attributes. */
export function removeInstructions(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = Object.keys({ ...instructions.create, ...instructions.update })
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}

function buildSchemas(
  isIncluded: (attribute: Attribute) => boolean,
  isNullable: (attribute: Attribute) => boolean,
): Record<string, object> {
  const rows = attributeRows.filter(([, attribute]) => isIncluded(attribute))
  return Object.fromEntries(
    rows.map(([name, attribute]) => {
      const { schema, description } = attribute
      const type = isNullable(attribute) ? [schema['type'], 'null'] : schema['type']
      return [name, { ...schema, type, description }]
    }),
  )
}
