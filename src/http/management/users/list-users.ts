import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { fieldSelection } from './fields.ts'
import { toUserResponse } from './user-response.ts'

export const listUsersOperation = defineOperation({
  id: 'listUsers',
  method: 'GET',
  path: '/users',
  tag: 'users',
  summary: 'List users, or search in Lucene syntax; the first 1,000 results',
  scopes: ['read:users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...paging,
      ...fieldSelection,
      q: { type: 'string', description: 'Such as email.domain:example.com AND app_metadata.plan:pro.' },
      search_engine: { enum: ['v3'], description: 'Older ones are not supported.' },
      sort: { type: 'string', pattern: '^[^:]+:(1|-1)$', description: 'Such as created_at:-1; not by metadata.' },
      primary_order: { type: 'boolean', description: 'False lets the database choose the order.' },
    },
  },
  success: { status: 200, body: { type: 'array', items: { $ref: '#/components/schemas/User' } } },
  async run({ store, query, caller }) {
    const { q, sort, primary_order: primaryOrder, include_totals: includeTotals } = query
    const result = await store.users.list({
      q,
      ...resolvePage(query),
      sort: sort === undefined ? undefined : parseSort(sort),
      includeTotals,
      primaryOrder,
    })
    const users = result.users.map((user) => toUserResponse(user, caller, query))
    return reply(toListResponse(query, 'users', users, result.total ?? users.length))
  },
})

function parseSort(sort: string): { readonly field: string; readonly descending: boolean } {
  const [field = '', direction] = sort.split(':')
  return { field, descending: direction === '-1' }
}
