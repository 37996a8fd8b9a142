import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { heldAttributes } from '../../../profile/attributes/attribute-owner.ts'
import { attributes } from '../../../profile/attributes/attributes.ts'
import { userPatchBody, withoutInstructions } from '../../../profile/user/user-bodies.ts'
import type { User } from '../../../profile/user/user.ts'
import { type Refusal, answer, refuse } from '../answer.ts'
import { isRefusal } from '../input.ts'
import { type Caller, operation } from '../operation.ts'
import { present } from './present.ts'
import { type MetadataBody, noSuchUser, refuseMetadata } from './refusals.ts'
import { type Target, targetOf } from './target.ts'

interface Body extends MetadataBody {
  readonly connection?: string
  readonly email?: string | null
  readonly [attribute: string]: unknown
}

export const updateUser = operation<unknown, Body>({
  id: 'updateUser',
  method: 'PATCH',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Change a user: null unsets an attribute, metadata is merged at its first level',
  scopes: ['update:users', 'update:users_app_metadata', 'update:current_user_metadata'],
  body: userPatchBody,
  success: { status: 200, body: { $ref: '#/components/schemas/User' } },
  async run({ store, path, body, caller }) {
    const refused = refuseFields(body, caller) ?? refuseMetadata(body)
    if (refused !== undefined) return refused
    const id = path['id'] ?? ''
    const user = await store.users.get(id)
    if (user === undefined) return noSuchUser
    const target = await targetOf(store, user, body.connection)
    if (isRefusal(target)) return target
    const patch = withoutInstructions(body)
    const held = heldAttributes(Object.keys(patch), target.source) ?? heldByPrimary(target, patch)
    if (held !== undefined) return refuse(400, 'operation_not_supported', held.message)
    try {
      const changed = target.isPrimary
        ? await store.users.update(id, patch)
        : await store.users.updateIdentity(id, target.identity, patch)
      return changed === undefined ? noSuchUser : answer(present(changed, caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return refuse(400, 'auth0_idp_error', `The specified new ${takenName(user, body)} already exists`)
    }
  },
})

/** Without `update:users`, a scope opens one attribute and nothing else. */
function refuseFields(body: Body, { scopes }: Caller): Refusal | undefined {
  if (scopes.includes('update:users')) return undefined
  const open = Object.entries(attributes).filter(
    ([, attribute]) => 'updateScope' in attribute && scopes.includes(attribute.updateScope),
  )
  const names = open.map(([name]) => name)
  const fields = Object.keys(body).filter((name) => !names.includes(name))
  if (fields.length === 0) return undefined
  return refuse(403, 'insufficient_scope', `You cannot update the following fields: ${fields.join(', ')}`)
}

/** A linked identity has an address, names and a password of its own; everything else is the user's. */
function heldByPrimary(
  { isPrimary }: Target,
  patch: Readonly<Record<string, unknown>>,
): { readonly message: string } | undefined {
  const ofIdentity = (name: string): boolean => {
    const rule = Object.entries(attributes).find(([attribute]) => attribute === name)?.[1].update
    return rule === 'own' || rule === 'vouched'
  }
  const names = Object.keys(patch).filter((name) => !isPrimary && !ofIdentity(name))
  if (names.length === 0) return undefined
  return { message: `These attributes belong to the user, not to a linked connection: ${names.join(', ')}.` }
}

function takenName(user: User, { email }: Body): 'email' | 'username' {
  return email !== undefined && email !== user.email ? 'email' : 'username'
}
