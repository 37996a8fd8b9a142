import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { fieldSelection, selectFields } from '../users/fields.ts'
import { connectionSchema, toConnectionResponse } from './connection-response.ts'

export const listConnectionsOperation = defineOperation({
  id: 'listConnections',
  method: 'GET',
  path: '/connections',
  tag: 'connections',
  summary: 'List connections, by page or by cursor',
  scopes: ['read:connections'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...paging,
      ...fieldSelection,
      strategy: { type: 'string' },
      name: { type: 'string' },
      from: { type: 'string', minLength: 1, description: 'The cursor: `next` of the previous part.' },
      take: { type: 'integer', minimum: 1, maximum: 100 },
    },
  },
  success: { status: 200, body: { type: 'array', items: connectionSchema } },
  async run({ store, query }) {
    const { strategy, name, from, take } = query
    if (from === undefined && take === undefined) {
      const { connections, total } = await store.connections.list({ ...resolvePage(query), strategy, name })
      const items = connections.map((connection) => selectFields(toConnectionResponse(connection), query))
      return reply(toListResponse(query, 'connections', items, total))
    }
    const perPage = take ?? 50
    const { connections } = await store.connections.list({ page: 0, perPage, strategy, name, after: from })
    const next = connections.length < perPage ? undefined : connections.at(-1)?.name
    const items = connections.map((connection) => selectFields(toConnectionResponse(connection), query))
    return reply({ connections: items, ...(next === undefined ? {} : { next }) })
  },
})
