import { stringify } from 'csv-stringify/sync'
import type { FromSchema } from 'json-schema-to-ts'
import type { User } from '../../../profile/user/user.ts'
import type { Store } from '../../../store/contract/store.ts'
import { toUserResponse } from '../users/user-response.ts'

/** The parameters of an export that a caller may set, beside the connection. */
export const exportProperties = {
  format: { enum: ['json', 'csv'], description: 'Default json: one user a line.' },
  limit: { type: 'integer', minimum: 1, description: 'Default: all users.' },
  fields: {
    type: 'array',
    minItems: 1,
    maxItems: 30,
    description: 'Default: with json the whole profile, with csv the attributes of its root.',
    items: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 255, description: 'Such as user_metadata.plan.' },
        export_as: { type: 'string', minLength: 1, maxLength: 255 },
      },
      required: ['name'],
    },
  },
} as const

/** The parameters of an export as the job stores them. */
export type ExportParameters = FromSchema<{
  type: 'object'
  additionalProperties: false
  properties: typeof exportProperties & { connection: { type: 'string' } }
}>

type ExportField = FromSchema<(typeof exportProperties)['fields']['items']>

const batchSize = 500

const csvFields: readonly ExportField[] = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
].map((name) => ({ name }))

/** Generates the text of an export in pieces. It reads the users in the order of their ids while it writes. */
export async function* exportFile(store: Store, parameters: ExportParameters): AsyncGenerator<string> {
  const { format = 'json' } = parameters
  if (format === 'json') {
    for await (const users of readPages(store, parameters))
      yield users.map((user) => toJsonLine(user, parameters)).join('')
    return
  }
  const fields = parameters.fields ?? csvFields
  yield stringify([fields.map(getColumnTitle)])
  for await (const users of readPages(store, parameters)) {
    const rows = users.map((user) => fields.map(({ name }) => toCsvValue(getValueAt(user, name))))
    // A spreadsheet runs a value that begins like a formula (OWASP, CSV injection).
    yield stringify(rows, { escape_formulas: true })
  }
}

/** Without scopes, so that no export holds tokens of identity providers. */
const callerWithoutScopes = { sub: '', clientId: '', scopes: [] }

async function* readPages(store: Store, parameters: ExportParameters): AsyncGenerator<Record<string, unknown>[]> {
  const { connection, limit = Number.POSITIVE_INFINITY } = parameters
  let after = ''
  for (let remaining = limit; remaining > 0;) {
    const take = Math.min(batchSize, remaining)
    const connectionFilter = connection === undefined ? {} : { connection }
    const users: User[] = await store.users.listAfter({ after, take, ...connectionFilter })
    if (users.length > 0) yield users.map((user) => toUserResponse(user, callerWithoutScopes))
    if (users.length < take) return
    remaining -= users.length
    after = users.at(-1)?.user_id ?? ''
  }
}

function toJsonLine(user: Readonly<Record<string, unknown>>, { fields }: ExportParameters): string {
  const record =
    fields === undefined
      ? user
      : Object.fromEntries(fields.map((field) => [getColumnTitle(field), getValueAt(user, field.name)] as const))
  return `${JSON.stringify(record)}\n`
}

function getColumnTitle({ name, export_as: title = name }: ExportField): string {
  return title
}

/** Reads a path such as `user_metadata.plan` or `identities[0].connection`; undefined if a part is missing. */
function getValueAt(user: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).reduce<unknown>((value, name) => {
    if (name === '' || typeof value !== 'object' || value === null) return name === '' ? value : undefined
    return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }, user)
}

function toCsvValue(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
