import type { LoginLog } from '../../../store/contract/login-logs.ts'
import { answer } from '../answer.ts'
import { operation } from '../operation.ts'
import { type Paging, listed, pageOf, paging } from '../paging.ts'

interface Query extends Paging {
  readonly sort?: string
}

export const listUserLogs = operation<Query>({
  id: 'listUserLogs',
  method: 'GET',
  path: '/users/{id}/logs',
  tag: 'users',
  summary: "List a user's logins of the last 30 days, those that failed too; newest first",
  scopes: ['read:logs', 'read:logs_users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { ...paging, sort: { type: 'string', pattern: '^date:(1|-1)$' } },
  },
  success: { status: 200, body: { type: 'array', items: { type: 'object' } } },
  async run({ store, path, query }) {
    const order = { oldestFirst: query.sort === 'date:1' }
    const { logs, total } = await store.loginLogs.ofUser(path['id'] ?? '', { ...pageOf(query), ...order })
    return answer(listed(query, 'logs', logs.map(toAuth0), total))
  },
})

function toAuth0({ atMs, ...log }: LoginLog & { readonly log_id: string }): object {
  return { date: new Date(atMs).toISOString(), _id: log.log_id, ...log }
}
