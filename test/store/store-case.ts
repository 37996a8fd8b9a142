import type { NewUser, Store } from '../../src/store/index.ts'

/** A new, empty store, and the clock it was opened with. */
export interface Bench {
  readonly store: Store
  readonly time: { nowMs: number }
}

export type StoreCases = Readonly<Record<string, (bench: Bench) => Promise<void>>>

export const startMs = Date.UTC(2026, 5, 1)
export const startIso = '2026-06-01T00:00:00.000Z'
export const connection = 'Username-Password-Authentication'

export const ada: NewUser = { connection, user_id: 'ada', email: 'Ada@example.com', username: 'ada' }
export const adaId = 'auth0|ada'
