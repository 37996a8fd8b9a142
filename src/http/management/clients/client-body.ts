import { type ManagementError, managementError } from '../operation-result.ts'
import type { Client } from '../../../store/contract/clients.ts'

export const noSuchClient: ManagementError = managementError(404, 'inexistent_client', 'The client does not exist.')

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const

/** Each member of a client that a caller may give. */
export const clientProperties = {
  name: { ...text(255), pattern: '^[^<>]+$' },
  description: { type: 'string', maxLength: 140 },
  app_type: { enum: ['native', 'spa', 'regular_web', 'non_interactive'] },
  callbacks: { type: 'array', items: text(2_000), maxItems: 100 },
  grant_types: { type: 'array', items: text(128), maxItems: 20 },
  client_metadata: { type: 'object', maxProperties: 10, additionalProperties: { type: 'string', maxLength: 255 } },
} as const

/** A secret of the caller's own: as long as one that is hard to guess. */
export const clientSecret = { type: 'string', minLength: 22, maxLength: 1_000 } as const

/** A client as answers hold it: without its secret, which nobody has. */
export const clientSchema = {
  type: 'object',
  properties: { client_id: { type: 'string' }, ...clientProperties },
  required: ['client_id', 'name', 'grant_types'],
} as const

/** What it may ask of which API is no business of these calls: neither shown nor set. */
export function toClientResponse({
  redirect_uris: callbacks,
  scopes: _scopes,
  audience: _audience,
  ...client
}: Client): Record<string, unknown> {
  return { ...client, ...(callbacks === undefined ? {} : { callbacks }) }
}

/** As the store calls them. */
export function toStoredClient<Body extends { readonly callbacks?: readonly string[] | null }>({
  callbacks,
  ...body
}: Body): Omit<Body, 'callbacks'> & { readonly redirect_uris?: Body['callbacks'] } {
  return { ...body, ...(callbacks === undefined ? {} : { redirect_uris: callbacks }) }
}
