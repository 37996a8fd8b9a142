import * as fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { ClaimsmithError } from '../../src/errors/claimsmith-error.ts'
import { parseOverlay } from '../../src/profile/overlay/overlay.ts'

function problem(expression: unknown): ClaimsmithError {
  try {
    parseOverlay({ picture: expression as string })
  } catch (error) {
    if (error instanceof ClaimsmithError) return error
    throw error
  }
  throw new Error(`"${String(expression)}" was accepted`)
}

test.each([
  ['', 1, 'a path such as'],
  ['   ', 4, 'a path such as'],
  ['picture ||', 11, 'a path such as'],
  ['|| picture', 1, 'a path such as'],
  ['picture | name', 9, '||, ?? or the end'],
  ['picture && name', 9, '||, ?? or the end'],
  ['a ? b : c', 3, '||, ?? or the end'],
  ['a b', 3, '||, ?? or the end'],
  ['alert(1)', 6, '||, ?? or the end'],
  ['a.b()', 4, '||, ?? or the end'],
  ['user_metadata?.picture', 14, '||, ?? or the end'],
  ['a || b ?? c', 8, '|| and ?? mix only with parentheses'],
  ['a ?? b || c', 8, '|| and ?? mix only with parentheses'],
  ['a.', 3, 'a name'],
  ['a..b', 3, 'a name'],
  ['a.["b"]', 3, 'without the dot'],
  ['a[b]', 3, 'a quoted name or a number'],
  ['a["b"', 6, ']'],
  ['(a', 3, '||, ?? or )'],
  ['a)', 2, '||, ?? or the end'],
  ["'open", 1, 'closes on its line'],
  ["a || 'new\nline'", 6, 'closes on its line'],
  ["a || 'tab\\t'", 6, 'closes on its line'],
  ['42', 1, 'a path such as'],
  ['a || null', 6, 'a path such as'],
  ['this.picture', 1, 'a path such as'],
  ['`a`', 1, 'a path such as'],
  ['a // b', 3, '||, ?? or the end'],
  ['user', 5, 'an attribute after user'],
  ['<%= user %>', 9, 'an attribute after user'],
  ['<%= picture %>', 5, 'begins with user.'],
  ['<%= user.picture || picture %>', 21, 'begins with user.'],
  ['<%= user.picture', 17, '%> at the end'],
  ['<%= user.picture %> and more', 29, '%> at the end'],
  ['hello <%= user.picture %>', 7, '||, ?? or the end'],
  ['<%= user.picture %><%= user.name %>', 18, '||, ?? or the end'],
  ['<%=%>', 4, 'begins with user.'],
  ['<%- user.picture %>', 1, 'a path such as'],
  ['a'.repeat(1001), 1, 'at most 1000 characters'],
  [42, 1, 'an expression in a string'],
  [null, 1, 'an expression in a string'],
])('refuses %j at column %i: expected %s', (expression, column, expected) => {
  const { code, details, message } = problem(expression)
  expect(code).toBe('INVALID_OVERLAY')
  expect(details).toEqual({ attribute: 'picture', column, expected: expect.stringContaining(expected) as string })
  expect(message).toContain(`"picture" is wrong at column ${column}: expected`)
})

test.each([[null], [undefined], ['picture'], [['picture']]])('refuses %j for a spec', (spec) => {
  expect(() => parseOverlay(spec as never)).toThrow(expect.objectContaining({ code: 'INVALID_OVERLAY' }))
})

/** The column of what is wrong; 1 where nothing is. */
function columnOfProblem(expression: string): number {
  try {
    parseOverlay({ picture: expression }).apply({ a: 1 })
    return 1
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_OVERLAY') return Number(error.details['column'])
    throw error
  }
}

test('any text parses or is refused with a column inside it', () => {
  const pieces = fc.constantFrom(
    'a',
    'user',
    '.',
    '[',
    ']',
    '"',
    "'",
    '||',
    '??',
    '(',
    ')',
    ' ',
    '<%=',
    '%>',
    '\\',
    '0',
    '\n',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (expression) => {
      const column = columnOfProblem(expression)
      expect(column).toBeGreaterThanOrEqual(1)
      expect(column).toBeLessThanOrEqual(expression.length + 1)
    }),
  )
})

test('what parses means what the same text means in JavaScript', () => {
  const value = fc.constantFrom(undefined, null, '', 0, false, 'x', 7)
  const operand = fc.constantFrom('a', 'b', 'c', "''", '"z"')
  const operators = fc.constantFrom('||', '??')
  const expression = fc
    .tuple(operand, fc.array(fc.tuple(operators, operand), { maxLength: 4 }))
    .map(([first, rest]) => rest.reduce<string>((text, [operator, next]) => `(${text}) ${operator} ${next}`, first))
  fc.assert(
    fc.property(expression, value, value, value, (text, a, b, c) => {
      const meant: unknown = runInNewContext(text, { a, b, c })
      const result = parseOverlay({ result: text }).apply({ a, b, c, result: 'kept' })['result']
      expect(result).toBe(meant ?? 'kept')
    }),
  )
})
