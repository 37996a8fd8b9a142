import type { User } from '../../../profile/user/user.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { noSuchRole } from './roles.ts'

const path = '/roles/{id}/users'

export const listRoleUsersOperation = defineOperation({
  id: 'listRoleUsers',
  method: 'GET',
  path,
  tag: 'roles',
  summary: 'List the users who have a role, by page or by cursor',
  attributes: 'Views `user_id`, `email`, `name` and `picture`.',
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...paging,
      from: { type: 'string', minLength: 1, description: 'The cursor: `next` of the previous part.' },
      take: { type: 'integer', minimum: 1, maximum: 100 },
    },
  },
  success: { status: 200, body: { type: 'array', items: { type: 'object' } } },
  async run({ store, path: { id = '' }, query }) {
    if ((await store.roles.get(id)) === undefined) return noSuchRole
    const { from, take } = query
    if (from === undefined && take === undefined) {
      const { page, perPage } = resolvePage(query)
      const users = await store.roles.listUsers(id, { skip: page * perPage, take: perPage })
      return reply(toListResponse(query, 'users', users.map(toMember), await store.roles.countUsers(id)))
    }
    const limit = take ?? 50
    const users = await store.roles.listUsers(id, { after: from, take: limit })
    const next = users.length < limit ? undefined : users.at(-1)?.user_id
    return reply({ users: users.map(toMember), ...(next === undefined ? {} : { next }) })
  },
})

export const assignRoleUsersOperation = defineOperation({
  id: 'assignRoleUsers',
  method: 'POST',
  path,
  tag: 'roles',
  summary: 'Give a role to users; to none of them if one is unknown',
  scopes: ['create:role_members', 'update:roles'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: { users: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', minLength: 1 } } },
    required: ['users'],
  },
  success: { status: 200, body: { type: 'object' } },
  async run({ store, path: { id = '' }, body: { users } }) {
    if ((await store.roles.get(id)) === undefined) return noSuchRole
    await store.roles.assign(users, [id])
    return reply({})
  },
})

function toMember({ user_id, email, name, picture }: User): object {
  return { user_id, email, name, picture }
}
