import { type ManagementError, managementError } from '../operation-result.ts'
import type { Client } from '../../../store/contract/clients.ts'

export const noSuchClient: ManagementError = managementError(404, 'inexistent_client', 'The client does not exist.')

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const

/** The members of a client that a caller may set. */
export const clientProperties = {
  name: { ...text(255), pattern: '^[^<>]+$' },
  description: { type: 'string', maxLength: 140 },
  app_type: { enum: ['native', 'spa', 'regular_web', 'non_interactive'] },
  callbacks: { type: 'array', items: text(2_000), maxItems: 100 },
  grant_types: { type: 'array', items: text(128), maxItems: 20 },
  client_metadata: { type: 'object', maxProperties: 10, additionalProperties: { type: 'string', maxLength: 255 } },
} as const

/** A secret that the caller chose; long enough to be hard to guess. */
export const clientSecret = { type: 'string', minLength: 22, maxLength: 1_000 } as const

/** A client in responses, without its secret: the store keeps only a hash. */
export const clientSchema = {
  type: 'object',
  properties: { client_id: { type: 'string' }, ...clientProperties },
  required: ['client_id', 'name', 'grant_types'],
} as const

/** Leaves out the audience and its scopes, which these operations neither show nor set. */
export function toClientResponse({
  redirect_uris: callbacks,
  scopes: _scopes,
  audience: _audience,
  ...client
}: Client): Record<string, unknown> {
  return { ...client, ...(callbacks === undefined ? {} : { callbacks }) }
}

/** Maps Auth0's names to those of the store. */
export function toStoredClient<Body extends { readonly callbacks?: readonly string[] | null }>({
  callbacks,
  ...body
}: Body): Omit<Body, 'callbacks'> & { readonly redirect_uris?: Body['callbacks'] } {
  return { ...body, ...(callbacks === undefined ? {} : { redirect_uris: callbacks }) }
}
