import fc from 'fast-check'

const fields = 'name: email: app_metadata.a: user_metadata.b: _exists_: created_at: blocked: x.y: :'.split(' ')
const syntax = String.raw`AND OR NOT && || + - ! ( ) [ } TO " \ ~ ^2 / ' % $ * é`.split(' ')
const values = ['ada', '"a b"', 'true', '5', '2026', 'ad*', '?da*', '*lace', '[1 TO 2]', '{a TO *}', ' ', '\0']
const words = fc.constantFrom(...fields, ...syntax, ...values)
const randomQuery = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Half of them are words of the syntax in any order, so that many get past the parser. The same at each run. */
export function randomQueries(count: number): readonly string[] {
  return fc.sample(randomQuery, { numRuns: count, seed: 20_261_118 })
}
