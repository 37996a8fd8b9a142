import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { noSuchUser } from './user-errors.ts'

const path = '/users/{id}/roles'
const body = {
  type: 'object',
  additionalProperties: false,
  properties: { roles: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', minLength: 1 } } },
  required: ['roles'],
} as const

export const listUserRolesOperation = defineOperation({
  id: 'listUserRoles',
  method: 'GET',
  path,
  tag: 'users',
  summary: "List a user's roles",
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  query: { type: 'object', additionalProperties: false, properties: paging },
  success: { status: 200, body: { type: 'array', items: { $ref: '#/components/schemas/Role' } } },
  async run({ store, path: { id = '' }, query }) {
    if ((await store.users.get(id)) === undefined) return noSuchUser
    const { roles, total } = await store.roles.listByUser(id, resolvePage(query))
    return reply(toListResponse(query, 'roles', roles, total))
  },
})

export const assignUserRolesOperation = defineOperation({
  id: 'assignUserRoles',
  method: 'POST',
  path,
  tag: 'users',
  summary: 'Give a user roles; none of them if one is unknown',
  scopes: ['update:users', 'create:role_members'],
  body,
  success: { status: 204 },
  async run({ store, path: { id = '' }, body: { roles } }) {
    if ((await store.users.get(id)) === undefined) return noSuchUser
    await store.roles.assign([id], roles)
    return reply()
  },
})

export const deleteUserRolesOperation = defineOperation({
  id: 'deleteUserRoles',
  method: 'DELETE',
  path,
  tag: 'users',
  summary: 'Take roles from a user',
  scopes: ['update:users', 'delete:role_members'],
  body,
  success: { status: 204 },
  async run({ store, path: { id = '' }, body: { roles } }) {
    if ((await store.users.get(id)) === undefined) return noSuchUser
    await store.roles.unassign(id, roles)
    return reply()
  },
})
