import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { noSuchConnection } from './connection-response.ts'

const tag = 'connections'
const path = '/connections/{id}/clients'
const clientId = { type: 'string', minLength: 1, maxLength: 256 } as const

export const listEnabledClientsOperation = defineOperation({
  id: 'listEnabledClients',
  method: 'GET',
  path,
  tag,
  summary: 'List the clients that a connection is enabled for; the list is empty if every client may use it',
  scopes: ['read:connections'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { take: { type: 'integer', minimum: 1, maximum: 1000 } },
  },
  success: {
    status: 200,
    body: {
      type: 'object',
      properties: { clients: { type: 'array', items: { type: 'object', properties: { client_id: clientId } } } },
      required: ['clients'],
    },
  },
  async run({ store, path: { id = '' } }) {
    const connection = await store.connections.get(id)
    if (connection === undefined) return noSuchConnection
    return reply({ clients: (connection.enabled_clients ?? []).map((client) => ({ client_id: client })) })
  },
})

export const updateEnabledClientsOperation = defineOperation({
  id: 'updateEnabledClients',
  method: 'PATCH',
  path,
  tag,
  summary: 'Enable a connection for clients, or disable it',
  scopes: ['update:connections'],
  body: {
    type: 'array',
    minItems: 1,
    maxItems: 50,
    items: {
      type: 'object',
      additionalProperties: false,
      properties: { client_id: clientId, status: { type: 'boolean' } },
      required: ['client_id', 'status'],
    },
  },
  success: { status: 204 },
  async run({ store, path: { id = '' }, body }) {
    const clients = new Map(body.map(({ client_id: client, status }) => [client, status]))
    return (await store.connections.enable(id, clients)) ? reply() : noSuchConnection
  },
})
