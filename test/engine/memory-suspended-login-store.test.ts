import { expect, test } from 'vitest'
import { createMemorySuspendedLoginStore } from '../../src/engine/run/memory-suspended-login-store.ts'

const half = 'x'.repeat(31_999_999)
const suspend = (state: string, login: string) =>
  ({ state, login, expiresAtMs: 0, userId: undefined, waitsFor: 'redirect' }) as const

test('the oldest suspended logins are dropped when they hold too many characters', async () => {
  const store = createMemorySuspendedLoginStore()
  for (const state of ['first', 'second', 'third']) await store.save(suspend(state, half))
  expect(await store.take('first')).toBeUndefined()
  expect((await store.take('second'))?.state).toBe('second')
  expect((await store.take('third'))?.state).toBe('third')
})

test('what was taken, or saved again, takes no room twice', async () => {
  const store = createMemorySuspendedLoginStore()
  for (let turn = 0; turn < 3; turn++) await store.save(suspend('same', half))
  await store.save(suspend('taken', half))
  await store.take('taken')
  await store.save(suspend('last', half))
  expect((await store.take('same'))?.login).toHaveLength(half.length)
  expect((await store.take('last'))?.state).toBe('last')
})
