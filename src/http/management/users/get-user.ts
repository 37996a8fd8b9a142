import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { fieldSelection } from './fields.ts'
import { toUserResponse } from './user-response.ts'
import { noSuchUser } from './user-errors.ts'

export const getUserOperation = defineOperation({
  id: 'getUser',
  method: 'GET',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Get a user',
  scopes: ['read:users', 'read:current_user'],
  query: { type: 'object', additionalProperties: false, properties: fieldSelection },
  success: { status: 200, body: { $ref: '#/components/schemas/User' } },
  async run({ store, path, query, caller }) {
    const user = await store.users.get(path['id'] ?? '')
    return user === undefined ? noSuchUser : reply(toUserResponse(user, caller, query))
  },
})
