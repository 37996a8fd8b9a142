import { expect } from 'vitest'
import type { SuspendedRedirect } from '../../src/store/index.ts'
import type { StoreCases } from './store-case.ts'
import { ada, adaId, startMs } from './store-case.ts'

const redirect: SuspendedRedirect = {
  state: 's'.repeat(43),
  userId: adaId,
  expiresAtMs: startMs + 1_000,
  waitsFor: 'redirect',
  login: '[{"user":{"z":1,"a":2}}]',
  metadata: { clientId: 'app', scope: ['openid'] },
}

export const redirectCases: StoreCases = {
  'keeps a login that is under way elsewhere, and gives it away once': async ({ store }) => {
    await store.users.create(ada)
    await store.redirects.save(redirect)
    expect(await store.redirects.get(redirect.state)).toEqual(redirect)
    expect(await store.redirects.get('other')).toBeUndefined()
    const answers = await Promise.all(Array.from({ length: 10 }, () => store.redirects.take(redirect.state)))
    expect(answers.filter((answer) => answer !== undefined)).toEqual([redirect])
    expect(await store.redirects.get(redirect.state)).toBeUndefined()
  },

  'keeps no login of nobody, and none twice': async ({ store }) => {
    await expect(store.redirects.save(redirect)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    await store.users.create(ada)
    await store.redirects.save(redirect)
    await expect(store.redirects.save(redirect)).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
  },

  'ends what is under way elsewhere with its user, with a block, and with its time': async ({ store }) => {
    const states = ['deleted', 'blocked', 'expired']
    for (const state of states) {
      await store.users.create({ ...ada, user_id: state, email: `${state}@example.com`, username: state })
      await store.redirects.save({ ...redirect, state, userId: `auth0|${state}` })
    }
    await store.users.delete('auth0|deleted')
    await store.users.update('auth0|blocked', { blocked: true })
    expect(await store.redirects.get('expired')).toBeDefined()
    await store.logins.purgeExpired(startMs + 2_000)
    for (const state of states) expect(await store.redirects.take(state)).toBeUndefined()
  },
}
