import { answer } from '../answer.ts'
import { operation } from '../operation.ts'
import { type Paging, listed, pageOf, paging } from '../paging.ts'
import { noSuchUser } from './refusals.ts'

interface Body {
  readonly roles: readonly string[]
}

const path = '/users/{id}/roles'
const body = {
  type: 'object',
  additionalProperties: false,
  properties: { roles: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', minLength: 1 } } },
  required: ['roles'],
}

export const listUserRoles = operation<Paging>({
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
    const { roles, total } = await store.roles.ofUser(id, pageOf(query))
    return answer(listed(query, 'roles', roles, total))
  },
})

export const assignUserRoles = operation<unknown, Body>({
  id: 'assignUserRoles',
  method: 'POST',
  path,
  tag: 'users',
  summary: 'Give a user roles; all of them, or none where one is unknown',
  scopes: ['update:users', 'create:role_members'],
  body,
  success: { status: 204 },
  async run({ store, path: { id = '' }, body: { roles } }) {
    if ((await store.users.get(id)) === undefined) return noSuchUser
    await store.roles.assign([id], roles)
    return answer()
  },
})

export const deleteUserRoles = operation<unknown, Body>({
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
    return answer()
  },
})
