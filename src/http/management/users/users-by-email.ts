import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { fieldSelection } from './fields.ts'
import { toUserResponse } from './user-response.ts'

export const listUsersByEmailOperation = defineOperation({
  id: 'listUsersByEmail',
  method: 'GET',
  path: '/users-by-email',
  tag: 'users',
  summary: 'List the users with an e-mail address, ignoring case',
  scopes: ['read:users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { email: { type: 'string', minLength: 1 }, ...fieldSelection },
    required: ['email'],
  },
  success: { status: 200, body: { type: 'array', items: { $ref: '#/components/schemas/User' } } },
  async run({ store, query, caller }) {
    const users = await store.users.findByEmail(query.email)
    return reply(users.map((user) => toUserResponse(user, caller, query)))
  },
})
