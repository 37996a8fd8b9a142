import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'

const keys = [
  { kid: 'new', kty: 'OKP', d: 'x', iat: 2 },
  { kid: 'old', kty: 'RSA', d: 'y', iat: 1 },
]

export const keyCases: StoreCases = {
  'has no keys at first, then those that were saved, in their order': async ({ store }) => {
    expect(await store.keys.load()).toEqual([])
    await store.keys.save(keys)
    expect(await store.keys.load()).toEqual(keys)
    await store.keys.save(keys.slice(0, 1))
    expect(await store.keys.load()).toEqual(keys.slice(0, 1))
  },

  'lets the first of several starting processes bring the keys, and gives them to all': async ({ store }) => {
    const brought = Array.from({ length: 8 }, (_, index) => [{ kid: `k${index}`, kty: 'OKP' }])
    const answers = await Promise.all(brought.map((one) => store.keys.initialise(one)))
    const kept = await store.keys.load()
    expect(brought).toContainEqual(kept)
    expect(answers).toEqual(brought.map(() => kept))
  },
}
