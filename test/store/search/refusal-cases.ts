import { expect } from 'vitest'
import type { StoreCases } from '../store-case.ts'
import { createPeople } from './people.ts'

/** Searches that are refused: where, and with what in the message. */
const refused: readonly (readonly [q: string, position: number | undefined, message: RegExp])[] = [
  ['user_metadata.colour:B*', 21, /exact value/],
  ['user_metadata.colour:*', 21, /_exists_:user_metadata\.colour/],
  ['user_metadata.size:[1 TO 50]', 19, /Ranges/],
  ['name:*ab', 5, /3 other characters/],
  ['name:?ab*', 5, /3 other characters/],
  ['**', 0, /3 other characters/],
  ['ada~', 3, /Fuzzy/],
  ['"ada l"~2', 7, /proximity/],
  ['ada^2', 3, /Boosts/],
  ['name:/ad.*/', 5, /Regular expressions/],
  ['password:x', 0, /password/],
  ['_exists_:password', 9, /password/],
  ['password_hash:*', 0, /password_hash/],
  ['app_metadata:gold', 0, /app_metadata\.plan/],
  ['app_metadata..plan:gold', 0, /empty name/],
  ['identities.access_token:x', 0, /identities\.connection/],
  ['app_metadata.*:gold', 0, /wildcards/],
  ['_exists_:*', 9, /name of a field/],
  ['[1 TO 2]', 0, /needs a field/],
  ['blocked:maybe', 8, /true or false/],
  ['logins_count:many', 13, /number/],
  ['logins_count:[a TO b]', 13, /number/],
  ['created_at:yesterday', 11, /2026-06-01/],
  ['created_at:2026-02-30', 11, /2026-06-01/],
  ['created_at:2026*', 11, /range/],
  ['created_at:2026-02-15T12:00:00Z', 24, /quoted/],
  ['created_at:[2026 2027]', 11, /min TO max/],
  ['created_at:[2026 TO', 11, /min TO max/],
  ['(ada', 0, /never closed/],
  ['ada)', 3, /no opening bracket/],
  ['ada ]', 4, /no opening bracket/],
  ['()', 1, /needs a condition/],
  ['"ada', 0, /never closed/],
  ['ada\\', 3, /backslash/],
  ['name:', 0, /value after the colon/],
  ['name: AND ada', 6, /Quote AND/],
  ['AND ada', 0, /none before it/],
  ['ada AND', 4, /condition after it/],
  ['ada AND OR bob', 4, /condition after it/],
  ['NOT NOT ada', 4, /not two/],
  ['- ada', 0, /right before/],
  [':ada', 0, /field name/],
  ['((((((((( ada )))))))))', 8, /8 levels/],
  ['a '.repeat(65), 128, /64 conditions/],
  ['a'.repeat(2049), undefined, /2048 bytes/],
  ['é'.repeat(1025), undefined, /2048 bytes/],
  ['ada\0', undefined, /U\+0000/],
  ['\ud800', undefined, /Unicode/],
]

export const refusalCases: StoreCases = {
  'refuses searches that it cannot do, and says where and what would be right': async (bench) => {
    await createPeople(bench)
    for (const [q, position, message] of refused) {
      const error: unknown = await bench.store.users.list({ q }).catch((caught: unknown) => caught)
      expect(error, q).toMatchObject({ code: 'INVALID_QUERY', message: expect.stringMatching(message) })
      expect((error as { details: object }).details, q).toEqual(position === undefined ? {} : { position })
    }
  },

  'takes 64 conditions, 8 levels and 2 kB': async ({ store }) => {
    for (const q of ['a '.repeat(64), `${'('.repeat(8)}a${')'.repeat(8)}`, 'a'.repeat(2048)]) {
      expect(await store.users.list({ q })).toMatchObject({ users: [] })
    }
  },

  'refuses pages that are none, and those past the first 1,000 results': async ({ store }) => {
    const wrong = [
      { page: -1 },
      { page: 0.5 },
      { page: Number.NaN },
      { perPage: 101 },
      { perPage: -1 },
      { perPage: 1.5 },
    ]
    for (const query of [...wrong, { page: 10, perPage: 100 }, { page: 20 }, { page: 2 ** 52 }]) {
      await expect(store.users.list(query)).rejects.toMatchObject({ code: 'INVALID_QUERY' })
    }
    expect(await store.users.list({ page: 9, perPage: 100 })).toEqual({ users: [], start: 900, limit: 100, length: 0 })
  },

  'sorts by no metadata, identities, paths or secrets': async ({ store }) => {
    const fields = [
      'app_metadata',
      'user_metadata',
      'user_metadata.colour',
      'app_metadata.plan',
      'identities',
      'password',
    ]
    for (const field of [...fields, 'email.domain', '', 'a b', '\ud800', 'passwordHash']) {
      const sorted = store.users.list({ sort: { field, descending: false } })
      await expect(sorted, field).rejects.toMatchObject({ code: 'INVALID_QUERY' })
    }
  },
}
