import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'

export const deleteUserOperation = defineOperation({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Delete a user with everything that is kept of them but the log; no error where there is none',
  attributes: 'Deletes all of them.',
  scopes: ['delete:users', 'delete:current_user'],
  success: { status: 204 },
  async run({ store, path }) {
    await store.users.delete(path['id'] ?? '')
    return reply()
  },
})
