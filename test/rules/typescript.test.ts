import { describe, expect, test } from 'vitest'
import { parseRuleExpression } from '../../src/rules/source/parse-rule-expression.ts'
import { stripTypes } from '../../src/rules/source/strip-types.ts'
import { answer } from './run-expression.ts'

function expressionOf(script: string): string {
  return parseRuleExpression(stripTypes({ name: 'sample', file: 'sample.ts', script }))
}

/** The line and column of a marker, in the source and in what became of it. */
function placeOf(text: string, marker: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(marker)).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length }
}

const signature = '(user: User, context: Context, callback: Callback)'

describe('a rule in TypeScript may be', () => {
  test.each([
    ['an anonymous function', `function ${signature}: void { callback(null, 'ran') }`],
    ['an async anonymous function', `// first\nasync function ${signature} { callback(null, 'ran' as const) };`],
    ['an arrow', `${signature} => { callback(null, 'ran') }`],
    ['a declaration', `function rule${signature} { callback(null, 'ran') }`],
    ['a default export', `export default function ${signature} { callback(null, 'ran') }`],
    ['a named default export', `export default async function rule${signature} { callback(null, 'ran') }`],
    ['an exported arrow', `export default (${signature} => { callback(null, 'ran') }) satisfies Rule`],
    [
      'a constant with a type, exported later',
      `import type { Rule } from 'claimsmith'\n\nconst rule: Rule = (user, context, callback) => callback(null, 'ran')\nexport default rule\n`,
    ],
    ['a CommonJS export', `export = function ${signature} { callback(null, 'ran') }`],
    [
      'beside enums, interfaces and helpers',
      `interface A { b: string }\nenum Word { Ran = 'ran' }\nexport default function ${signature} { callback(null, help()) }\nfunction help(): Word { return Word.Ran }`,
    ],
  ])('%s', (_title, script) => {
    expect(answer(expressionOf(script))).toBe('ran')
  })
})

describe('the code stays on its lines', () => {
  const script = `// A rule with all that moves lines when types go.
import type { Rule } from 'claimsmith'

interface Profile {
  plan: string
}

/* Some comment. */
const names: Record<string, string> = {
  gold: 'Gold',

  // and another
  silver: 'Silver',
}

const rule: Rule = async (user, context, callback) => {
  if (!user.email) { return callback(null, user, context) }
  const profile = user as unknown as Profile

  const text = \`first
    second \${names[profile.plan] ?? 'none'}

  third\`
  if (text) {
    throw new TypeError('here')
  }
  const last: number[] = [1, 2]
    .map((one: number): number => one + 1)

  callback(null, marker(last))
}

export default rule
`
  const code = expressionOf(script)

  test.each([
    'names',
    'gold:',
    'silver:',
    'if (!user',
    'const profile',
    'first',
    'second',
    'third',
    'throw new',
    'marker(',
  ])('%s', (marker) => {
    expect(placeOf(code, marker)).toEqual(
      placeOf(script.replace('const names: Record<string, string>', 'const names'), marker),
    )
  })

  test('and what follows a default export too', () => {
    const source = `export default function ${signature} {\n\n  callback(null, help())\n}\n\n\nfunction help() {\n  return 1\n}\n`
    expect(placeOf(expressionOf(source), 'return 1')).toEqual({ line: 8, column: 2 })
    expect(answer(expressionOf(source))).toBe(1)
  })

  test('and an enum that becomes longer does not move what follows', () => {
    const source = `enum Plan { Free, Gold, Silver }\nfunction rule${signature} {\n  callback(null, Plan.Gold)\n}`
    expect(placeOf(expressionOf(source), 'callback(')).toEqual({ line: 3, column: 2 })
  })
})

describe('TypeScript is refused', () => {
  test.each([
    ['that does not parse', 'const a: = 1', '1:10', 'Unexpected "="'],
    ['with characters before the fault', `/* 😀é */ const a: = 1`, '1:20', 'Unexpected "="'],
    [
      'that imports values',
      `import _ from 'lodash'\nexport default (u, c, cb) => cb(null, _.now())`,
      '1:1',
      'imports types only',
    ],
    ['that exports names', '\n\nexport const rule = (u, c, cb) => cb(null)', '3:8', 'exports only its default'],
    ['that exports no function', '\nexport default { a: 1 }', '2:16', 'no function'],
    [
      'with a fault in a function',
      'function (u: User, c, cb) {\n  cb(null, u c)\n}',
      '2:14',
      'Expected "\\)" but found "c"\\.$',
    ],
    [
      'with a fault in its first line',
      'function (u: User, c, cb) { cb(null, u c) }',
      '1:40',
      'Expected "\\)" but found "c"\\.$',
    ],
    [
      'with a function without a name beside other code',
      `import type { User } from 'claimsmith'\nfunction (u: User, c, cb) { cb(null, u) }`,
      '2:1',
      'so give the function a name\\.$',
    ],
    ['that is no function', 'if (1 as any', '1:13', 'Expected "\\)".*A rule is one function'],
    ['that is no rule', 'const a: number = 1\nconsole.log(a)', '2:1', 'only be functions and variables'],
  ])('%s', (_title, script, place, reason) => {
    const [line, column] = place.split(':').map(Number)
    expect(() => expressionOf(script)).toThrow(
      expect.objectContaining({
        code: 'RULE_SYNTAX',
        message: expect.stringMatching(new RegExp(`^sample\\.ts:${place}: .*${reason}`)) as string,
        details: { rule: 'sample', file: 'sample.ts', line, column },
      }),
    )
  })
})
