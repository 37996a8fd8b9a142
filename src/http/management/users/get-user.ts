import { answer } from '../answer.ts'
import { operation } from '../operation.ts'
import { type FieldSelection, fieldSelection } from './fields.ts'
import { present } from './present.ts'
import { noSuchUser } from './refusals.ts'

export const getUser = operation<FieldSelection>({
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
    return user === undefined ? noSuchUser : answer(present(user, caller, query))
  },
})
