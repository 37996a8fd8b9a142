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
}
