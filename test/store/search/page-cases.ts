import { expect } from 'vitest'
import type { UserPage, UserQuery } from '../../../src/store/index.ts'
import type { StoreCases } from '../store-case.ts'
import { connection } from '../store-case.ts'
import { createPeople, find } from './people.ts'

const idsOf = ({ users }: UserPage) => users.map((user) => user.user_id)

export const pageCases: StoreCases = {
  'lists whole users, page by page, with how many there are': async ({ store }) => {
    for (let number = 0; number < 7; number++) await store.users.create({ connection, user_id: `u${6 - number}` })
    const all = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6'].map((id) => `auth0|${id}`)
    expect(idsOf(await store.users.list({}))).toEqual(all)
    const page = await store.users.list({ page: 1, perPage: 3, includeTotals: true })
    expect(page).toMatchObject({ start: 3, limit: 3, length: 3, total: 7 })
    expect(page.users[0]).toEqual(await store.users.get('auth0|u3'))
    expect(idsOf(page)).toEqual(all.slice(3, 6))
    expect(idsOf(await store.users.list({ page: 2, perPage: 3 }))).toEqual(all.slice(6))
    const past = await store.users.list({ q: 'user_id:auth0|*', page: 5, perPage: 10, includeTotals: true })
    expect(past).toEqual({ users: [], start: 50, limit: 10, length: 0, total: 7 })
    expect(await store.users.list({ perPage: 0 })).toEqual({ users: [], start: 0, limit: 0, length: 0 })
    expect((await store.users.list({ primaryOrder: false })).length).toBe(7)
  },

  'sorts by any root attribute; who has none comes last, and equals stay in the order of their ids': async (bench) => {
    await createPeople(bench)
    const order = async (sort: UserQuery['sort']) => {
      const ids = idsOf(await bench.store.users.list({ sort }))
      return ids.map((id) => (id === 'facebook|10' ? 'bob' : id?.split('|')[1])).join(' ')
    }
    expect(await order({ field: 'created_at', descending: true })).toBe('zoe eve bob ada')
    expect(await order({ field: 'user_id', descending: false })).toBe('ada zoe bob eve')
    expect(await order({ field: 'email', descending: false })).toBe('ada bob eve zoe')
    expect(await order({ field: 'email', descending: true })).toBe('eve bob ada zoe')
    expect(await order({ field: 'given_name', descending: false })).toBe('ada zoe bob eve')
    expect(await order({ field: 'blocked', descending: false })).toBe('zoe bob ada eve')
    expect(await order({ field: 'logins_count', descending: true })).toBe('bob ada zoe eve')
    expect(await order({ field: 'score', descending: false })).toBe('ada bob zoe eve')
    expect(await order({ field: 'score', descending: true })).toBe('bob ada zoe eve')
    expect(await order({ field: 'hobby', descending: true })).toBe('ada zoe bob eve')
  },

  'keeps users that were created at once in the order of the bytes of their ids': async ({ store }) => {
    const ids = ['b', '\u{1f600}', '\uffff', 'a', 'é', 'B']
    for (const id of ids) await store.users.create({ connection, user_id: id, app_metadata: { team: 1 } })
    const ordered = ['B', 'a', 'b', 'é', '\uffff', '\u{1f600}'].map((id) => `auth0|${id}`)
    expect(idsOf(await store.users.list({}))).toEqual(ordered)
    expect(idsOf(await store.users.list({ q: 'app_metadata.team:1' }))).toEqual(ordered)
    expect(idsOf(await store.users.list({ q: 'app_metadata.team:1', page: 1, perPage: 4 }))).toEqual(ordered.slice(4))
    expect(idsOf(await store.users.list({ q: 'app_metadata.team:1', perPage: 0 }))).toEqual([])
  },

  'answers searches of more forms than a database keeps': async ({ store }) => {
    for (const id of ['a', 'b']) await store.users.create({ connection, user_id: id, nickname: id })
    for (let clauses = 1; clauses <= 64; clauses++) {
      const row = (join: string) => Array.from({ length: clauses }, () => 'nickname:b').join(join)
      for (const q of [row(' OR '), row(' AND ')]) {
        expect(idsOf(await store.users.list({ q })), q).toEqual(['auth0|b'])
      }
    }
    expect(idsOf(await store.users.list({ q: 'nickname:a' }))).toEqual(['auth0|a'])
  },

  'keeps the order and the pages of a search in metadata, however many users it finds': async ({ store }) => {
    const ids = Array.from({ length: 205 }, (_, index) => `u${String(index).padStart(3, '0')}`)
    const create = (id: string, index: number) => {
      const team = { name: 'all', half: index % 2 }
      return store.users.create({ connection, user_id: id, email: `${id}@example.com`, app_metadata: { team } })
    }
    await Promise.all(ids.toReversed().map(create))
    const all = ids.map((id) => `auth0|${id}`)
    const found = async (query: UserQuery) => idsOf(await store.users.list({ perPage: 100, ...query }))
    expect(await found({ q: 'app_metadata.team.name:all' })).toEqual(all.slice(0, 100))
    expect(await found({ q: 'app_metadata.team.name:all', page: 2 })).toEqual(all.slice(200))
    expect(await found({ q: 'app_metadata.team.half:1', page: 1 })).toEqual(
      all.filter((_, n) => n % 2 === 1).slice(100),
    )
    const sort = { field: 'email', descending: true }
    expect(await found({ q: 'app_metadata.team.name:all', sort })).toEqual(all.toReversed().slice(0, 100))
    expect(await found({ q: 'app_metadata.team.name:all AND user_id:auth0|u204', sort })).toEqual(all.slice(204))
    const counted = await store.users.list({ q: 'app_metadata.team.half:0', perPage: 1, includeTotals: true })
    expect(counted).toMatchObject({ length: 1, total: 103 })
    expect(await found({ q: 'app_metadata.team.name:none' })).toEqual([])
  },

  'finds what was changed, and no longer what was': async (bench) => {
    const { store } = bench
    await createPeople(bench)
    await store.users.update('auth0|ada', {
      name: 'Augusta',
      email: 'a@new.test',
      app_metadata: { plan: null, level: 9 },
    })
    for (const q of ['name:"ada lovelace"', 'email.domain:example.com', 'app_metadata.plan:gold', 'email:ada*']) {
      expect(await find(store, q), q).toBe('')
    }
    for (const q of ['name:AUGUSTA', 'email.domain:new.test', 'app_metadata.level:9', 'app_metadata.roles:admin']) {
      expect(await find(store, q), q).toBe('ada')
    }
    await store.users.update('auth0|ada', { name: null, app_metadata: null })
    expect(await find(store, 'name:augusta OR app_metadata.level:9 OR app_metadata.roles:admin')).toBe('')
    expect(await find(store, 'user_metadata.colour:Blue')).toBe('ada')
    await store.users.delete('auth0|ada')
    expect(await find(store, 'user_metadata.colour:Blue')).toBe('')
  },
}
