import type { LoginLog } from '../../../store/contract/login-logs.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'

export const listUserLogsOperation = defineOperation({
  id: 'listUserLogs',
  method: 'GET',
  path: '/users/{id}/logs',
  tag: 'users',
  summary: "List a user's logins of the last 30 days, also failed ones; newest first",
  scopes: ['read:logs', 'read:logs_users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { ...paging, sort: { type: 'string', pattern: '^date:(1|-1)$' } },
  },
  success: { status: 200, body: { type: 'array', items: { type: 'object' } } },
  async run({ store, path, query }) {
    const order = { oldestFirst: query.sort === 'date:1' }
    const { logs, total } = await store.loginLogs.listByUser(path['id'] ?? '', { ...resolvePage(query), ...order })
    return reply(toListResponse(query, 'logs', logs.map(toAuth0Log), total))
  },
})

function toAuth0Log({ atMs, ...log }: LoginLog & { readonly log_id: string }): object {
  return { date: new Date(atMs).toISOString(), _id: log.log_id, ...log }
}
