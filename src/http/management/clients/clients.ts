import { randomBytes } from 'node:crypto'
import type { ClientPatch } from '../../../store/contract/clients.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import type { Call } from '../operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { fieldSelection, selectFields } from '../users/fields.ts'
import {
  clientProperties,
  clientSchema,
  clientSecret,
  noSuchClient,
  toClientResponse,
  toStoredClient,
} from './client-body.ts'

type Patch = Omit<ClientPatch, 'redirect_uris' | 'client_secret'> & { readonly callbacks?: readonly string[] | null }

const tag = 'clients'
const path = '/clients/{id}'
const { name, grant_types: grantTypes, ...optional } = clientProperties

export const listClientsOperation = defineOperation({
  id: 'listClients',
  method: 'GET',
  path: '/clients',
  tag,
  summary: 'List clients, by client_id',
  scopes: ['read:clients'],
  query: { type: 'object', additionalProperties: false, properties: { ...paging, ...fieldSelection } },
  success: { status: 200, body: { type: 'array', items: clientSchema } },
  async run({ store, query }) {
    const { clients, total } = await store.clients.list(resolvePage(query))
    const items = clients.map((client) => selectFields(toClientResponse(client), query))
    return reply(toListResponse(query, 'clients', items, total))
  },
})

export const createClientOperation = defineOperation({
  id: 'createClient',
  method: 'POST',
  path: '/clients',
  tag,
  summary: 'Create a client with its grant types; only this response holds its secret',
  scopes: ['create:clients'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: { ...clientProperties, client_secret: clientSecret },
    required: ['name'],
  },
  success: {
    status: 201,
    body: { ...clientSchema, properties: { ...clientSchema.properties, client_secret: clientSecret } },
  },
  async run({ store, body }) {
    const { client_secret: secret = randomBytes(48).toString('base64url'), grant_types: grants = [], ...rest } = body
    const client = { ...toStoredClient(rest), client_id: randomBytes(16).toString('hex'), grant_types: grants }
    const created = await store.clients.create({ ...client, client_secret: secret })
    return reply({ ...toClientResponse(created), client_secret: secret })
  },
})

export const getClientOperation = defineOperation({
  id: 'getClient',
  method: 'GET',
  path,
  tag,
  summary: 'Get a client, without its secret',
  scopes: ['read:clients'],
  query: { type: 'object', additionalProperties: false, properties: fieldSelection },
  success: { status: 200, body: clientSchema },
  async run({ store, path: { id = '' }, query }) {
    const client = await store.clients.get(id)
    return client === undefined ? noSuchClient : reply(selectFields(toClientResponse(client), query))
  },
})

export const updateClientOperation = defineOperation({
  id: 'updateClient',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change a client; null unsets a member',
  scopes: ['update:clients'],
  body: {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: {
      name,
      grant_types: grantTypes,
      ...Object.fromEntries(Object.entries(optional).map(([member, schema]) => [member, toNullableSchema(schema)])),
    },
  },
  success: { status: 200, body: clientSchema },
  async run({ store, path: { id = '' }, body }: Call<unknown, Patch>) {
    const changed = await store.clients.update(id, toStoredClient(body))
    return changed === undefined ? noSuchClient : reply(toClientResponse(changed))
  },
})

export const deleteClientOperation = defineOperation({
  id: 'deleteClient',
  method: 'DELETE',
  path,
  tag,
  summary: 'Delete a client, no error if there is none; its tokens stay valid until they expire',
  scopes: ['delete:clients'],
  success: { status: 204 },
  async run({ store, path: { id = '' } }) {
    await store.clients.delete(id)
    return reply()
  },
})

function toNullableSchema(schema: { readonly type: string } | { readonly enum: readonly string[] }): object {
  return 'enum' in schema ? { enum: [...schema.enum, null] } : { ...schema, type: [schema.type, 'null'] }
}
