import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, connection } from './store-case.ts'

const all = { page: 0, perPage: 50 }

export const roleCases: StoreCases = {
  'keeps roles, by name, with pages and a filter': async ({ store }) => {
    const editor = await store.roles.create({ name: 'Editor', description: 'may write' })
    const admin = await store.roles.create({ name: 'admin 100%' })
    expect(editor.id).toMatch(/^rol_\w{16}$/)
    expect(await store.roles.get(editor.id)).toEqual({ id: editor.id, name: 'Editor', description: 'may write' })
    expect(await store.roles.list({ page: 0, perPage: 1 })).toMatchObject({ total: 2, roles: [{}] })
    expect(await store.roles.list({ ...all, nameFilter: 'DIT' })).toEqual({ total: 1, roles: [editor] })
    expect(await store.roles.list({ ...all, nameFilter: '0%' })).toEqual({ total: 1, roles: [admin] })
    expect(await store.roles.list({ ...all, nameFilter: 'e%r' })).toEqual({ total: 0, roles: [] })
  },

  'changes and deletes a role; its name stays unique': async ({ store }) => {
    const { id } = await store.roles.create({ name: 'editor' })
    const taken = { code: 'STORE_CONFLICT' }
    await expect(store.roles.create({ name: 'editor' })).rejects.toMatchObject(taken)
    const other = await store.roles.create({ name: 'admin' })
    await expect(store.roles.update(other.id, { name: 'editor' })).rejects.toMatchObject(taken)
    expect(await store.roles.update(id, { description: 'may write' })).toMatchObject({ name: 'editor' })
    expect(await store.roles.update(id, {})).toEqual({ id, name: 'editor', description: 'may write' })
    expect(await store.roles.update('rol_none', { name: 'x' })).toBeUndefined()
    expect([await store.roles.delete(id), await store.roles.delete(id)]).toEqual([true, false])
  },

  'gives roles to users and takes them, all or none': async ({ store }) => {
    await store.users.create(ada)
    await store.users.create({ connection, user_id: 'grace' })
    const [editor, admin] = [await store.roles.create({ name: 'editor' }), await store.roles.create({ name: 'admin' })]
    await store.roles.assign([adaId, 'auth0|grace'], [editor.id])
    await store.roles.assign([adaId], [editor.id, admin.id])
    expect(await store.roles.listByUser(adaId, all)).toEqual({ total: 2, roles: [admin, editor] })
    expect((await store.roles.listUsers(editor.id, { take: 1 })).map((user) => user.user_id)).toEqual([adaId])
    expect(await store.roles.listUsers(editor.id, { after: adaId, take: 9 })).toMatchObject([
      { user_id: 'auth0|grace' },
    ])
    expect(await store.roles.listUsers(editor.id, { skip: 1, take: 9 })).toMatchObject([{ user_id: 'auth0|grace' }])
    expect(await store.roles.countUsers(editor.id)).toBe(2)
    const gone = { code: 'STORE_CONFLICT' }
    await expect(store.roles.assign([adaId, 'auth0|nobody'], [admin.id])).rejects.toMatchObject(gone)
    await expect(store.roles.assign(['auth0|grace'], [admin.id, 'rol_none'])).rejects.toMatchObject(gone)
    expect((await store.roles.listByUser('auth0|grace', all)).roles).toEqual([editor])
    await store.roles.unassign(adaId, [editor.id, 'rol_none'])
    expect((await store.roles.listByUser(adaId, all)).roles).toEqual([admin])
  },

  'takes a role from everybody when it or the user is deleted': async ({ store }) => {
    await store.users.create(ada)
    const { id } = await store.roles.create({ name: 'editor' })
    await store.roles.assign([adaId], [id])
    await store.users.delete(adaId)
    expect(await store.roles.countUsers(id)).toBe(0)
    await store.users.create(ada)
    await store.roles.assign([adaId], [id])
    await store.roles.delete(id)
    expect((await store.roles.listByUser(adaId, all)).total).toBe(0)
  },
}
