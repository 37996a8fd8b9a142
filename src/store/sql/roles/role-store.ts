import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Role, RoleStore } from '../../contract/roles.ts'
import type { Database } from '../database/database.ts'
import { generateId } from '../database/generate-id.ts'
import { omitUndefined } from '../database/omit-undefined.ts'
import { countRows, limitToPage } from '../database/page.ts'
import type { RolesTable } from '../database/tables.ts'
import { selectUsers, toUser } from '../users/user-row.ts'

const conflictMessage = 'A role with this name exists already.'

export function createRoleStore(database: Database): RoleStore {
  const get = async (id: string): Promise<Role | undefined> => {
    const row = await database.run((db) => db.selectFrom('roles').selectAll().where('id', '=', id).executeTakeFirst())
    return row && toRole(row)
  }
  return {
    get,
    async create({ name, description = null }) {
      const row = { id: generateId('rol'), name, description }
      await database.run((db) => db.insertInto('roles').values(row).execute(), conflictMessage)
      return toRole(row)
    },
    async list({ page, perPage, nameFilter }) {
      return await database.transaction(async (db) => {
        let query = db.selectFrom('roles')
        if (nameFilter !== undefined) {
          const pattern = `%${nameFilter.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
          query = query.where(sql<boolean>`lower(name) like ${pattern} escape ${'\\'}`)
        }
        const total = await countRows(query)
        const rows = limitToPage(query.selectAll().orderBy('name'), { page, perPage })
        return { roles: (await rows.execute()).map(toRole), total }
      })
    },
    async update(id, patch) {
      const changes = omitUndefined(patch)
      if (Object.keys(changes).length === 0) return await get(id)
      const row = await database.run(
        (db) => db.updateTable('roles').set(changes).where('id', '=', id).returningAll().executeTakeFirst(),
        conflictMessage,
      )
      return row && toRole(row)
    },
    async delete(id) {
      const { numDeletedRows } = await database.run((db) =>
        db.deleteFrom('roles').where('id', '=', id).executeTakeFirstOrThrow(),
      )
      return numDeletedRows > 0n
    },
    ...createMembershipMethods(database),
  }
}

function createMembershipMethods(
  database: Database,
): Pick<RoleStore, 'listByUser' | 'listUsers' | 'countUsers' | 'assign' | 'unassign'> {
  return {
    async listByUser(userId, { page, perPage }) {
      return await database.transaction(async (db) => {
        const query = db
          .selectFrom('roles')
          .innerJoin('user_roles', 'user_roles.role_id', 'roles.id')
          .where('user_roles.user_id', '=', userId)
        const total = await countRows(query)
        const rows = limitToPage(query.selectAll('roles').orderBy('roles.name'), { page, perPage })
        return { roles: (await rows.execute()).map(toRole), total }
      })
    },
    async listUsers(id, { after = '', skip = 0, take }) {
      const rows = await database.run((db) =>
        selectUsers(db, database.dialect)
          .innerJoin('user_roles', 'user_roles.user_id', 'users.user_id')
          .where('user_roles.role_id', '=', id)
          .where('users.user_id', '>', after)
          .orderBy('users.user_id')
          .limit(take)
          .offset(skip)
          .execute(),
      )
      return rows.map(toUser)
    },
    async countUsers(id) {
      const { total } = await database.run((db) =>
        db
          .selectFrom('user_roles')
          .select((select) => select.fn.countAll().as('total'))
          .where('role_id', '=', id)
          .executeTakeFirstOrThrow(),
      )
      return Number(total)
    },
    async assign(userIds, roleIds) {
      const rows = userIds.flatMap((userId) => roleIds.map((roleId) => ({ user_id: userId, role_id: roleId })))
      if (rows.length === 0) return
      await database.run(
        (db) =>
          db
            .insertInto('user_roles')
            .values(rows)
            .onConflict((conflict) => conflict.columns(['user_id', 'role_id']).doNothing())
            .execute(),
        'One of the users or roles does not exist.',
      )
    },
    async unassign(userId, roleIds) {
      if (roleIds.length === 0) return
      await database.run((db) =>
        db.deleteFrom('user_roles').where('user_id', '=', userId).where('role_id', 'in', roleIds).execute(),
      )
    },
  }
}

function toRole({ id, name, description }: Selectable<RolesTable>): Role {
  return { id, name, ...(description === null ? {} : { description }) }
}
