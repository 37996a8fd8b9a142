import { connectionProperties } from '../../../profile/context/connection.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { fieldSelection, selectFields } from '../users/fields.ts'
import { connectionSchema, noSuchConnection, toConnectionResponse } from './connection-response.ts'

const tag = 'connections'
const path = '/connections/{id}'
const { name: _name, strategy: _strategy, ...mutableProperties } = connectionProperties

export const createConnectionOperation = defineOperation({
  id: 'createConnection',
  method: 'POST',
  path: '/connections',
  tag,
  summary: 'Create a connection',
  scopes: ['create:connections'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: connectionProperties,
    required: ['name', 'strategy'],
  },
  success: { status: 201, body: connectionSchema },
  run: async ({ store, body }) => reply(toConnectionResponse(await store.connections.create(body))),
})

export const getConnectionOperation = defineOperation({
  id: 'getConnection',
  method: 'GET',
  path,
  tag,
  summary: 'Get a connection, without the secrets among its options',
  scopes: ['read:connections'],
  query: { type: 'object', additionalProperties: false, properties: fieldSelection },
  success: { status: 200, body: connectionSchema },
  async run({ store, path: { id = '' }, query }) {
    const connection = await store.connections.get(id)
    return connection === undefined ? noSuchConnection : reply(selectFields(toConnectionResponse(connection), query))
  },
})

export const updateConnectionOperation = defineOperation({
  id: 'updateConnection',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change a connection; options are replaced as a whole, except secrets that are not repeated',
  scopes: ['update:connections'],
  body: { type: 'object', additionalProperties: false, minProperties: 1, properties: mutableProperties },
  success: { status: 200, body: connectionSchema },
  async run({ store, path: { id = '' }, body }) {
    const changed = await store.connections.update(id, body)
    return changed === undefined ? noSuchConnection : reply(toConnectionResponse(changed))
  },
})

export const deleteConnectionOperation = defineOperation({
  id: 'deleteConnection',
  method: 'DELETE',
  path,
  tag,
  summary: 'Delete a connection that has no users',
  scopes: ['delete:connections'],
  success: {
    status: 202,
    body: { type: 'object', properties: { deleted_at: { type: 'string' } }, required: ['deleted_at'] },
  },
  async run({ store, path: { id = '' }, clock }) {
    const isDeleted = await store.connections.delete(id)
    return isDeleted ? reply({ deleted_at: new Date(clock()).toISOString() }) : noSuchConnection
  },
})
