import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'

export const deleteUserOperation = defineOperation({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Delete a user and all their data except the log; no error if there is none',
  attributes: 'Deletes all of them.',
  scopes: ['delete:users', 'delete:current_user'],
  success: { status: 204 },
  async run({ store, path }) {
    await store.users.delete(path['id'] ?? '')
    return reply()
  },
})
