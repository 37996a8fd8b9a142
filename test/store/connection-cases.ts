import { expect } from 'vitest'
import type { ConnectionQuery, NewConnection } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { connection } from './store-case.ts'

const facebook: NewConnection = {
  name: 'facebook',
  strategy: 'facebook',
  display_name: 'Facebook',
  options: { issuer: 'https://facebook.example/', jwks: { keys: [] }, client_secret: 'hidden', scope: ['email'] },
  enabled_clients: ['demo-app'],
  metadata: { tier: 'social' },
}

export const connectionCases: StoreCases = {
  'has the default database connection from the start': async ({ store }) => {
    const { connections, total } = await store.connections.list({ page: 0, perPage: 50 })
    expect(connections).toEqual([
      { id: expect.stringMatching(/^con_[a-z0-9]{16}$/), name: connection, strategy: 'auth0', options: {} },
    ])
    expect(total).toBe(1)
  },

  'returns a connection as it was given, by id and by its exact name': async ({ store }) => {
    const created = await store.connections.create(facebook)
    expect(created).toEqual({ id: created.id, ...facebook })
    expect(created.id).toMatch(/^con_[a-z0-9]{16}$/)
    expect(await store.connections.get(created.id)).toEqual(created)
    expect(await store.connections.getByName('facebook')).toEqual(created)
    expect(await store.connections.getByName('Facebook')).toBeUndefined()
    expect(await store.connections.get('con_0000000000000000')).toBeUndefined()
    const bare = await store.connections.create({ name: 'bare', strategy: 'oidc', display_name: undefined })
    expect(await store.connections.get(bare.id)).toStrictEqual({ ...bare, name: 'bare', strategy: 'oidc', options: {} })
  },

  'lists a page of the connections of a strategy or a name, in order, and counts them all': async ({ store }) => {
    for (const name of ['c', 'a', 'b']) await store.connections.create({ name, strategy: 'oidc' })
    const names = async (query: ConnectionQuery) => {
      const { connections, total } = await store.connections.list(query)
      return [connections.map(({ name }) => name), total]
    }
    expect(await names({ page: 0, perPage: 2, strategy: 'oidc' })).toEqual([['a', 'b'], 3])
    expect(await names({ page: 1, perPage: 2, strategy: 'oidc' })).toEqual([['c'], 3])
    expect(await names({ page: 9, perPage: 2, strategy: 'oidc' })).toEqual([[], 3])
    expect(await names({ page: 0, perPage: 50, name: 'b' })).toEqual([['b'], 1])
    expect(await names({ page: 0, perPage: 50, name: 'b', strategy: 'auth0' })).toEqual([[], 0])
    expect(await names({ page: 0, perPage: 2, strategy: 'oidc', after: 'a' })).toEqual([['b', 'c'], 2])
    expect(await names({ page: 0, perPage: 50 })).toMatchObject([{ length: 4 }, 4])
  },

  'finds connections by their issuer, also after it has changed': async ({ store }) => {
    const { id } = await store.connections.create(facebook)
    const second = await store.connections.create({ ...facebook, name: 'another' })
    const found = async (issuer: string) => (await store.connections.findByIssuer(issuer)).map(({ name }) => name)
    expect(await found('https://facebook.example/')).toEqual(['another', 'facebook'])
    expect(await found('https://facebook.example')).toEqual([])
    await store.connections.update(id, { options: { issuer: 'https://new.example/' } })
    await store.connections.delete(second.id)
    expect(await found('https://facebook.example/')).toEqual([])
    expect(await found('https://new.example/')).toEqual(['facebook'])
  },

  'replaces each member that is given, unsets what is null, and keeps the secrets nobody can repeat': async ({
    store,
  }) => {
    const { id } = await store.connections.create(facebook)
    const options = { set_user_root_attributes: 'on_first_login' } as const
    const changed = await store.connections.update(id, { options, metadata: null, display_name: undefined })
    const { metadata: _, ...others } = facebook
    expect(changed).toStrictEqual({ id, ...others, options: { ...options, client_secret: 'hidden' } })
    expect(await store.connections.get(id)).toEqual(changed)
    expect(await store.connections.update(id, { options: { client_secret: 'new' } })).toMatchObject({
      options: { client_secret: 'new' },
    })
    expect(await store.connections.update('con_0000000000000000', { options })).toBeUndefined()
  },

  'keeps nested secrets too, and no others': async ({ store }) => {
    const options = { upstream: { token: 'hidden', url: 'x' }, list: [{ password: 'gone' }] }
    const { id } = await store.connections.create({ name: 'nested', strategy: 'oidc', options })
    const changed = await store.connections.update(id, { options: { upstream: { url: 'y' }, list: [{}] } })
    expect(changed?.options).toEqual({ upstream: { token: 'hidden', url: 'y' }, list: [{}] })
  },

  'enables clients, all of those that come at the same moment': async ({ store }) => {
    const { id } = await store.connections.create({ name: 'open', strategy: 'oidc' })
    const enable = (clients: Record<string, boolean>) => store.connections.enable(id, new Map(Object.entries(clients)))
    await expect(enable({ a: false })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await Promise.all(['a', 'b', 'c', 'd'].map((client) => enable({ [client]: true })))
    expect((await store.connections.get(id))?.enabled_clients?.toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(await enable({ a: false, b: false, c: false, d: true })).toBe(true)
    expect((await store.connections.get(id))?.enabled_clients).toEqual(['d'])
    expect(await store.connections.enable('con_0000000000000000', new Map([['a', true]]))).toBe(false)
  },

  'refuses a name that is taken, and members of a wrong kind': async ({ store }) => {
    await store.connections.create(facebook)
    await expect(store.connections.create({ name: 'facebook', strategy: 'oidc' })).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    })
    const bad: readonly object[] = [
      { name: '', strategy: 'oidc' },
      { name: 'two words', strategy: 'oidc' },
      { name: 'x' },
      { name: 'x', strategy: 'a|b' },
      { name: 'x', strategy: 'oidc', options: [] },
      { name: 'x', strategy: 'oidc', options: { set_user_root_attributes: 'sometimes' } },
      { name: 'x', strategy: 'oidc', options: { issuer: 1 } },
      { name: 'x', strategy: 'oidc', options: { jwks: {} } },
      { name: 'x', strategy: 'oidc', options: { jwks: { keys: [{ kty: 'OKP', d: 'private' }] } } },
      { name: 'x', strategy: 'oidc', options: { jwks_uri: 'http://169.254.169.254/keys' } },
      { name: 'x', strategy: 'oidc', metadata: { a: 1 } },
      { name: 'x', strategy: 'oidc', id: 'con_0000000000000000' },
      { name: 'x', strategy: 'oidc', enabled_clients: 'demo-app' },
    ]
    for (const one of bad) {
      await expect(store.connections.create(one as NewConnection)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect((await store.connections.list({ page: 0, perPage: 50 })).total).toBe(2)
    const { id } = (await store.connections.getByName('facebook')) ?? { id: '' }
    for (const patch of [{ name: 'other' }, { strategy: 'oidc' }, { options: { issuer: '' } }, { id: 'x' }]) {
      await expect(store.connections.update(id, patch)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(await store.connections.get(id)).toEqual({ id, ...facebook })
  },

  'deletes a connection only when nobody comes from it any more': async ({ store }) => {
    const { id } = await store.connections.create(facebook)
    await store.users.create({ connection: 'facebook', provider: 'facebook', user_id: '1' })
    await expect(store.connections.delete(id)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(await store.connections.get(id)).toBeDefined()
    await store.users.delete('facebook|1')
    expect(await store.connections.delete(id)).toBe(true)
    expect(await store.connections.delete(id)).toBe(false)
    expect(await store.connections.getByName('facebook')).toBeUndefined()
  },

  'takes each assertion of a connection once until it expires, also from many at the same moment': async ({
    store,
  }) => {
    const [one, two] = await Promise.all([
      store.connections.create(facebook),
      store.connections.create({ name: 'other', strategy: 'oidc' }),
    ])
    const use = (connectionId: string, jti: string) =>
      store.connections.useAssertion({ connectionId, jti, expiresAtMs: 1000 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(one.id, 'a')))
    expect(answers.filter(Boolean)).toEqual([true])
    expect(await use(two.id, 'a')).toBe(true)
    expect(await use(one.id, 'A')).toBe(true)
    await store.logins.purgeExpired(1000)
    expect(await use(one.id, 'a')).toBe(false)
    await store.logins.purgeExpired(1001)
    expect(await use(one.id, 'a')).toBe(true)
    await store.connections.delete(one.id)
    await expect(use(one.id, 'b')).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
  },
}
