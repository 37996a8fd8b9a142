import { expect, test } from 'vitest'
import { ClaimsmithError } from '../../src/errors/claimsmith-error.ts'
import { describeErrorChain } from '../../src/errors/describe-error-chain.ts'

const failed = (cause: unknown): Error =>
  new ClaimsmithError('STORE_FAILED', 'The database could not run a query of the store.', { cause })
const start = 'The database could not run a query of the store'

test.each([
  ['the cause', failed(new Error('no such table: users')), `${start}: no such table: users`],
  [
    'each cause, from the outermost',
    failed(new Error('lost.', { cause: new TypeError('x is not a function') })),
    `${start}: lost: TypeError: x is not a function`,
  ],
  ['a cause that the message repeats once', new Error('a: no', { cause: new Error('no') }), 'a: no'],
  [
    'the code if there is no message',
    failed(Object.assign(new Error(''), { code: 'ECONNREFUSED' })),
    `${start}: ECONNREFUSED`,
  ],
  ['several lines as one', failed(new Error('one\r\n  two\u2028three\u001b[2J')), `${start}: one two three [2J`],
  ['a thrown text', 'no', 'no'],
])('says %s', (_what, error, text) => {
  expect(describeErrorChain(error)).toBe(text)
})

test('leaves out user names and passwords of URLs', () => {
  const error = failed(new Error('cannot reach postgres://ada:pa@ss/word@db.example:5432/logins, in schema a'))
  expect(describeErrorChain(error)).toBe(`${start}: cannot reach postgres://…@db.example:5432/logins, in schema a`)
})

test('ends if causes form a circle, and is of limited length', () => {
  const error = new Error('one')
  error.cause = new Error('two', { cause: error })
  expect(describeErrorChain(error)).toBe('one: two')
  expect(describeErrorChain(new Error('long '.repeat(10_000)))).toHaveLength(1_000)
})
