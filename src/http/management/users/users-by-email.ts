import { answer } from '../answer.ts'
import { operation } from '../operation.ts'
import { type FieldSelection, fieldSelection } from './fields.ts'
import { present } from './present.ts'

interface Query extends FieldSelection {
  readonly email: string
}

export const listUsersByEmail = operation<Query>({
  id: 'listUsersByEmail',
  method: 'GET',
  path: '/users-by-email',
  tag: 'users',
  summary: 'List the users with an e-mail address, in any case',
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
    return answer(users.map((user) => present(user, caller, query)))
  },
})
