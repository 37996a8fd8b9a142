import { reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toIdentityId } from './to-identity-id.ts'
import { toIdentitiesResponse } from './user-response.ts'

export const unlinkIdentityOperation = defineOperation({
  id: 'unlinkIdentity',
  method: 'DELETE',
  path: '/users/{id}/identities/{provider}/{user_id}',
  tag: 'users',
  summary: 'Unlink an identity, which becomes a separate user again; returns the remaining identities',
  attributes: 'Views and alters `identities`.',
  scopes: ['update:users', 'update:current_user_identities'],
  success: { status: 200, body: { type: 'array', items: { type: 'object' } } },
  async run({ store, path, caller }) {
    const { id = '', provider = '', user_id: identity = '' } = path
    const remaining = await store.users.unlink(id, toIdentityId(provider, identity))
    return remaining === undefined
      ? managementError(404, 'inexistent_identity', 'The user has no such identity.')
      : reply(toIdentitiesResponse(remaining, caller))
  },
})
