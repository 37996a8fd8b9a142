import { answer, refuse } from '../answer.ts'
import { operation } from '../operation.ts'
import { identityId } from './identity-id.ts'
import { presentIdentities } from './present.ts'

export const unlinkIdentity = operation({
  id: 'unlinkIdentity',
  method: 'DELETE',
  path: '/users/{id}/identities/{provider}/{user_id}',
  tag: 'users',
  summary: 'Unlink an identity, which becomes a user of its own again; the identities that are left',
  attributes: 'Views and alters `identities`.',
  scopes: ['update:users', 'update:current_user_identities'],
  success: { status: 200, body: { type: 'array', items: { type: 'object' } } },
  async run({ store, path, caller }) {
    const { id = '', provider = '', user_id: identity = '' } = path
    const left = await store.users.unlink(id, identityId(provider, identity))
    return left === undefined
      ? refuse(404, 'inexistent_identity', 'The user has no such identity.')
      : answer(presentIdentities(left, caller))
  },
})
