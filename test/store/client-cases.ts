import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'

const client = {
  client_id: 'demo-app',
  name: 'Demo',
  grant_types: ['password', 'refresh_token'],
  client_metadata: { tier: 'gold' },
  scopes: ['read:users'],
  audience: 'https://api.example/',
}
const secret = 'demo-app-secret'

export const clientCases: StoreCases = {
  'returns a client without its secret': async ({ store }) => {
    expect(await store.clients.create({ ...client, client_secret: secret })).toEqual(client)
    expect(await store.clients.get('demo-app')).toEqual(client)
    expect(await store.clients.get('DEMO-APP')).toBeUndefined()
  },

  'knows a client by its exact secret only': async ({ store }) => {
    await store.clients.create({ ...client, client_secret: secret })
    expect(await store.clients.authenticate('demo-app', secret)).toEqual(client)
    for (const wrong of ['', 'demo-app-secre', `${secret} `, 'DEMO-APP-SECRET']) {
      expect(await store.clients.authenticate('demo-app', wrong)).toBeUndefined()
    }
    for (const nobody of ['nobody', '', '%']) {
      expect(await store.clients.authenticate(nobody, secret)).toBeUndefined()
      expect(await store.clients.authenticate(nobody, '')).toBeUndefined()
    }
  },

  'refuses a client_id that is taken and keeps the first, and a client without a secret': async ({ store }) => {
    await store.clients.create({ ...client, client_secret: secret })
    const rival = store.clients.create({ ...client, name: 'Rival', client_secret: 'other' })
    await expect(rival).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(await store.clients.authenticate('demo-app', secret)).toEqual(client)
    const bare = store.clients.create({ ...client, client_id: 'bare', client_secret: '' })
    await expect(bare).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  },

  'lists clients by client_id, in pages': async ({ store }) => {
    await store.clients.create({ ...client, client_id: 'b', client_secret: secret })
    await store.clients.create({ ...client, client_id: 'a', client_secret: secret })
    expect(await store.clients.list({ page: 0, perPage: 1 })).toEqual({
      clients: [{ ...client, client_id: 'a' }],
      total: 2,
    })
    expect(await store.clients.list({ page: 1, perPage: 1 })).toMatchObject({ clients: [{ client_id: 'b' }], total: 2 })
  },

  'changes what is given, unsets what is null, and leaves the rest': async ({ store }) => {
    await store.clients.create({ ...client, client_secret: secret })
    const changed = await store.clients.update('demo-app', { name: 'Other', client_metadata: null })
    const { client_metadata: _, ...rest } = client
    expect(changed).toEqual({ ...rest, name: 'Other' })
    expect(await store.clients.authenticate('demo-app', secret)).toEqual(changed)
    expect(await store.clients.update('nobody', { name: 'x' })).toBeUndefined()
    await expect(store.clients.update('demo-app', { name: null })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  },

  'ends the old secret when there is a new one': async ({ store }) => {
    await store.clients.create({ ...client, client_secret: secret })
    expect(await store.clients.update('demo-app', { client_secret: 'another-secret' })).toEqual(client)
    expect(await store.clients.authenticate('demo-app', secret)).toBeUndefined()
    expect(await store.clients.authenticate('demo-app', 'another-secret')).toEqual(client)
  },

  'deletes a client once': async ({ store }) => {
    await store.clients.create({ ...client, client_secret: secret })
    expect([await store.clients.delete('demo-app'), await store.clients.delete('demo-app')]).toEqual([true, false])
    expect(await store.clients.authenticate('demo-app', secret)).toBeUndefined()
  },
}
