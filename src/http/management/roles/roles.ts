import { type ManagementError, reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import type { Schema } from '../operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'

const tag = 'roles'
const role = { $ref: '#/components/schemas/Role' }
const properties = {
  name: { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' },
  description: { type: 'string', maxLength: 255 },
} as const

/** A role in responses. */
export const roleSchema: Schema = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^rol_[a-zA-Z0-9]{16}$' }, ...properties },
  required: ['id', 'name'],
}

export const noSuchRole: ManagementError = managementError(404, 'inexistent_role', 'The role does not exist.')

export const listRolesOperation = defineOperation({
  id: 'listRoles',
  method: 'GET',
  path: '/roles',
  tag,
  summary: 'List roles, by name',
  scopes: ['read:roles'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { ...paging, name_filter: { type: 'string', description: 'A part of the name, in any case.' } },
  },
  success: { status: 200, body: { type: 'array', items: role } },
  async run({ store, query }) {
    const { roles, total } = await store.roles.list({ ...resolvePage(query), nameFilter: query.name_filter })
    return reply(toListResponse(query, 'roles', roles, total))
  },
})

export const createRoleOperation = defineOperation({
  id: 'createRole',
  method: 'POST',
  path: '/roles',
  tag,
  summary: 'Create a role',
  scopes: ['create:roles'],
  body: { type: 'object', additionalProperties: false, properties, required: ['name'] },
  success: { status: 200, body: role },
  run: async ({ store, body }) => reply(await store.roles.create(body)),
})

export const getRoleOperation = defineOperation({
  id: 'getRole',
  method: 'GET',
  path: '/roles/{id}',
  tag,
  summary: 'Get a role',
  scopes: ['read:roles'],
  success: { status: 200, body: role },
  async run({ store, path }) {
    const storedRole = await store.roles.get(path['id'] ?? '')
    return storedRole === undefined ? noSuchRole : reply(storedRole)
  },
})

export const updateRoleOperation = defineOperation({
  id: 'updateRole',
  method: 'PATCH',
  path: '/roles/{id}',
  tag,
  summary: 'Change a role',
  scopes: ['update:roles'],
  body: { type: 'object', additionalProperties: false, minProperties: 1, properties },
  success: { status: 200, body: role },
  async run({ store, path, body }) {
    const changed = await store.roles.update(path['id'] ?? '', body)
    return changed === undefined ? noSuchRole : reply(changed)
  },
})

export const deleteRoleOperation = defineOperation({
  id: 'deleteRole',
  method: 'DELETE',
  path: '/roles/{id}',
  tag,
  summary: 'Delete a role, and take it from all users',
  scopes: ['delete:roles'],
  success: { status: 200, body: { type: 'object' } },
  async run({ store, path }) {
    return (await store.roles.delete(path['id'] ?? '')) ? reply({}) : noSuchRole
  },
})
