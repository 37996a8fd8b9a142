import { type Connection, connectionProperties, isSecretOption } from '../../../profile/context/connection.ts'
import { type ManagementError, managementError } from '../operation-result.ts'

export const noSuchConnection: ManagementError = managementError(
  404,
  'inexistent_connection',
  'The connection does not exist.',
)

/** A connection in responses. */
export const connectionSchema = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^con_[a-z0-9]{16}$' }, ...connectionProperties },
  required: ['id', 'name', 'strategy', 'options'],
} as const

/** Leaves out the secrets among the options, which no scope can read. */
export function toConnectionResponse({ options, ...connection }: Connection): Record<string, unknown> {
  return { ...connection, options: omitSecrets(options) }
}

function omitSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(omitSecrets)
  if (typeof value !== 'object' || value === null) return value
  const publicEntries = Object.entries(value).filter(([name]) => !isSecretOption(name))
  return Object.fromEntries(publicEntries.map(([name, member]) => [name, omitSecrets(member)]))
}
