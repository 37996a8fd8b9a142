import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { findProtectedAttributes } from '../../../profile/attributes/protected-attributes.ts'
import { attributes } from '../../../profile/attributes/attributes.ts'
import { userPatchBody, removeInstructions } from '../../../profile/user/user-bodies.ts'
import type { User } from '../../../profile/user/user.ts'
import { type ManagementError, reply, managementError } from '../operation-result.ts'
import { isManagementError } from '../input.ts'
import { defineOperation } from '../define-operation.ts'
import type { Call, Caller } from '../operation.ts'
import { toUserResponse } from './user-response.ts'
import { type MetadataBody, noSuchUser, validateMetadata } from './user-errors.ts'
import { type UpdateTarget, resolveUpdateTarget } from './update-target.ts'

interface Body extends MetadataBody {
  readonly connection?: string
  readonly email?: string | null
  readonly [attribute: string]: unknown
}

export const updateUserOperation = defineOperation({
  id: 'updateUser',
  method: 'PATCH',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Change a user: null unsets an attribute, metadata is merged at its first level',
  scopes: ['update:users', 'update:users_app_metadata', 'update:current_user_metadata'],
  body: userPatchBody,
  success: { status: 200, body: { $ref: '#/components/schemas/User' } },
  async run({ store, path, body, caller }: Call<unknown, Body>) {
    const inputError = validateFields(body, caller) ?? validateMetadata(body)
    if (inputError !== undefined) return inputError
    const id = path['id'] ?? ''
    const user = await store.users.get(id)
    if (user === undefined) return noSuchUser
    const target = await resolveUpdateTarget(store, user, body.connection)
    if (isManagementError(target)) return target
    const patch = removeInstructions(body)
    const ownershipError =
      findProtectedAttributes(Object.keys(patch), target.source) ?? checkPrimaryAttributes(target, patch)
    if (ownershipError !== undefined) return managementError(400, 'operation_not_supported', ownershipError.message)
    try {
      const changed = target.isPrimary
        ? await store.users.update(id, patch)
        : await store.users.updateIdentity(id, target.identity, patch)
      return changed === undefined ? noSuchUser : reply(toUserResponse(changed, caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return managementError(
        400,
        'auth0_idp_error',
        `The specified new ${findConflictingName(user, body)} already exists`,
      )
    }
  },
})

/** Without `update:users`, a scope allows one attribute only. */
function validateFields(body: Body, { scopes }: Caller): ManagementError | undefined {
  if (scopes.includes('update:users')) return undefined
  const updatableAttributes = Object.entries(attributes).filter(
    ([, attribute]) => 'updateScope' in attribute && scopes.includes(attribute.updateScope),
  )
  const names = updatableAttributes.map(([name]) => name)
  const fields = Object.keys(body).filter((name) => !names.includes(name))
  if (fields.length === 0) return undefined
  return managementError(403, 'insufficient_scope', `You cannot update the following fields: ${fields.join(', ')}`)
}

/** A linked identity has its own address, names and password; all other attributes belong to the user. */
function checkPrimaryAttributes(
  { isPrimary }: UpdateTarget,
  patch: Readonly<Record<string, unknown>>,
): { readonly message: string } | undefined {
  const isIdentityAttribute = (name: string): boolean => {
    const rule = Object.entries(attributes).find(([attribute]) => attribute === name)?.[1].update
    return rule === 'database-or-passwordless' || rule === 'database-email-or-social'
  }
  const names = Object.keys(patch).filter((name) => !isPrimary && !isIdentityAttribute(name))
  if (names.length === 0) return undefined
  return { message: `These attributes belong to the user, not to a linked connection: ${names.join(', ')}.` }
}

function findConflictingName(user: User, { email }: Body): 'email' | 'username' {
  return email !== undefined && email !== user.email ? 'email' : 'username'
}
