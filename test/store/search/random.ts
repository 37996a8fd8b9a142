import fc from 'fast-check'
import type { NewUser } from '../../../src/store/index.ts'
import type { End, TestQuery } from './predicate.ts'

/** Few values, so that what is asked for is often there; and those that databases see differently. */
const characters = ['e\u0301', '😀', '\uffff', ' ', '\n', ...'aAbéÉßİΣ%_*?[]^"\'@.05-$|:\\'.split('')]
const text = fc.oneof(
  fc.constantFrom('ada', 'Ada', 'gold', '5', '5.0', '05', '5.', '0.', '.1', '-0', '-2.5', 'true', 'a.b', '2026-02'),
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 4 }),
)
const number = fc.constantFrom(0, 5, -2.5, 1e21, 0.1, 9_007_199_254_740_992)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constantFrom(null, ''))
const name = fc.constantFrom('a', 'b', 'c d', 'e"f', '0', 'plan')

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(name, tie('json'), { maxKeys: 3 }),
  ),
}))

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

export const user: fc.Arbitrary<NewUser> = fc.record({
  connection: fc.constantFrom('c1', 'c2'),
  // No database connection, so that two may have one address.
  provider: fc.constantFrom('p', 'facebook'),
  isSocial: fc.boolean(),
  profileData: maybe(fc.dictionary(name, json, { maxKeys: 2 })),
  email: maybe(fc.tuple(text, fc.constantFrom('x.org', 'X.org', 'é.org')).map((parts) => parts.join('@'))),
  email_verified: maybe(fc.boolean()),
  username: maybe(text),
  name: maybe(fc.oneof(text, fc.constant(''))),
  given_name: maybe(text),
  nickname: maybe(text),
  phone_number: maybe(text),
  picture: maybe(text),
  blocked: maybe(fc.boolean()),
  app_metadata: maybe(fc.dictionary(name, json, { maxKeys: 3 })),
  user_metadata: maybe(fc.dictionary(name, json, { maxKeys: 3 })),
  plan: maybe(json),
  hobby: maybe(json),
})

const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'))
const jsonField = fc.oneof(
  path.map((names) => `app_metadata.${names}`),
  path.map((names) => `identities.profileData.${names}`),
  fc.constantFrom('plan', 'hobby', 'plan.a', 'hobby.b'),
)
const metadataField = path.map((names) => `user_metadata.${names}`)
const attributes = 'email email.domain username name given_name nickname phone_number picture user_id'.split(' ')
const ofIdentities = ['connection', 'provider', 'user_id'].map((attribute) => `identities.${attribute}`)
const textField = fc.constantFrom(...attributes, ...ofIdentities)
const flagField = fc.constantFrom('email_verified', 'blocked', 'identities.isSocial')
const dateField = fc.constantFrom('created_at', 'updated_at')
const searchable = fc.oneof(jsonField, textField)
const date = fc.constantFrom('2026', '2026-02', '2026-03-15', '2026-04-15T12:00:00.000Z', '2025', '2027-01')
const spelled = fc.oneof(text, number.map(String), fc.constantFrom('true', 'false', 'x.org', 'c1', 'p', 'facebook'))

const end = (values: fc.Arbitrary<string>): fc.Arbitrary<End> =>
  fc.record({ text: fc.option(values), inclusive: fc.boolean() })
const range = (field: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<TestQuery> =>
  fc.record({ kind: fc.constant('range'), field, min: end(values), max: end(values) })

const clause: fc.Arbitrary<TestQuery> = fc.oneof(
  fc.record({ kind: fc.constant('is'), field: fc.oneof(searchable, metadataField), text: spelled }),
  fc.record({ kind: fc.constant('is'), field: flagField, text: fc.constantFrom('true', 'false') }),
  fc.record({ kind: fc.constant('is'), field: dateField, text: date }),
  fc.record({ kind: fc.constant('exists'), field: fc.oneof(searchable, metadataField, flagField, dateField) }),
  fc.record({
    kind: fc.constant('like'),
    field: searchable,
    pieces: fc.tuple(text, fc.oneof(text, fc.constant(''))),
    wildcard: fc.constantFrom('*', '?'),
  }),
  range(searchable, spelled),
  range(dateField, date),
)

export const { query } = fc.letrec<{ query: TestQuery }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 4, arbitrary: clause },
    fc.record({
      kind: fc.constantFrom('and', 'or'),
      of: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not'), of: tie('query') }),
  ),
}))
