import { type Connection, connectionProperties, isSecretOption } from '../../../profile/context/connection.ts'
import { type Refusal, refuse } from '../answer.ts'

export const noSuchConnection: Refusal = refuse(404, 'inexistent_connection', 'The connection does not exist.')

/** A connection as answers hold it. */
export const connectionSchema = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^con_[a-z0-9]{16}$' }, ...connectionProperties },
  required: ['id', 'name', 'strategy', 'options'],
} as const

/** Without the secrets among its options: no scope reads them. */
export function present({ options, ...connection }: Connection): Record<string, unknown> {
  return { ...connection, options: withoutSecrets(options) }
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const open = Object.entries(value).filter(([name]) => !isSecretOption(name))
  return Object.fromEntries(open.map(([name, member]) => [name, withoutSecrets(member)]))
}
