import { parse } from 'acorn'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClaimsmithError } from '../../src/errors/claimsmith-error.ts'
import { parseRuleExpression } from '../../src/rules/source/parse-rule-expression.ts'
import { answer, evaluated } from './run-expression.ts'

const body = "{ callback(null, 'ran', context) }"

function expressionOf(script: string): string {
  return parseRuleExpression({ name: 'sample', file: 'rules/sample.js', script })
}

function problem(script: string): ClaimsmithError {
  try {
    expressionOf(script)
  } catch (error) {
    if (error instanceof ClaimsmithError) return error
    throw error
  }
  throw new Error(`accepted: ${script}`)
}

describe('a rule may be', () => {
  test.each([
    ['anonymous', `function (user, context, callback) ${body}`],
    ['named', `function addRoles(user, context, callback) ${body}`],
    ['async', `async function (user, context, callback) ${body}`],
    ['async and named', `async function addRoles(user, context, callback) ${body}`],
    ['an arrow', `(user, context, callback) => ${body}`],
    ['an async arrow', `async (user, context, callback) => ${body}`],
    ['an arrow without braces', `(user, context, callback) => callback(null, 'ran')`],
    ['in parentheses', `((function (user, context, callback) ${body}))`],
    ['followed by semicolons', `function (user, context, callback) ${body};;\n;`],
    ['followed by comments', `function (user, context, callback) ${body} // end\n/* of */ // it`],
    ['an expression followed by a comment', `(user, context, callback) => ${body}; // end`],
    ['preceded by comments', `/**\n * @title Add roles\n */\n\n// really\nfunction (user, context, callback) ${body}`],
    ['preceded by a comment of the web', `<!-- odd\n--> odder\nfunction (user, context, callback) ${body}`],
    ['preceded by a byte order mark', `\uFEFFfunction (user, context, callback) ${body}`],
    ['preceded by a hashbang', `#!/usr/bin/env node\nfunction (user, context, callback) ${body}`],
    ['written on Windows', `// a\r\nfunction (user, context, callback) {\r\n  callback(null, 'ran')\r\n}\r\n`],
    ['exported', `module.exports = function (user, context, callback) ${body};`],
    ['exported twice', `exports = module.exports = (user, context, callback) => ${body}`],
    ['of another arity', `function () { arguments[2](null, 'ran') }`],
    ['sloppy', `function (user, context, callback) { with ({ a: 'ran' }) { var let = a; callback(null, let) } }`],
  ])('%s', (_title, script) => {
    expect(answer(expressionOf(script))).toBe('ran')
  })
})

describe('the expression', () => {
  test('keeps the line and column of everything in it', () => {
    const script = '/* é 😀 */ // x\n\n  /* a */ function (user, context, callback) {\n    return user.a.b\n  };'
    expect(expressionOf(script).indexOf('user.a')).toBe(script.indexOf('user.a'))
    const rule = evaluated(expressionOf(script), 'sample.js')
    const stack = (() => {
      try {
        return rule({}, {}, () => undefined)
      } catch (error) {
        return (error as Error).stack
      }
    })()
    expect(stack).toContain('sample.js:4:19')
  })

  test('has nothing of what stood after the rule', () => {
    expect(expressionOf('(a, b, c) => 1; // secret')).toBe('(a, b, c) => 1')
    expect(expressionOf('function (a, b, c) {}\n;\n/* secret */')).toBe('function (a, b, c) {}')
  })
})

test.each(['@@DOMAINS@@', '##DOMAIN##'])('the placeholder %s of a deployment is named', (keyword) => {
  const { message } = problem(`function (user, context, callback) {\n  var allowed = ${keyword};\n}`)
  expect(message).toBe(`rules/sample.js:2:17: The keyword ${keyword} of auth0-deploy-cli was not replaced.`)
})

test.each([
  ['before it', 'const a = 1\nfunction (u, c, cb) {}', 2, 1],
  ['before it, with a function', 'const a = () => 1\nfunction (u, c, cb) {}', 2, 1],
  ['before it, which is a function', 'function help() {}\nasync function (u, c, cb) {}', 2, 7],
  ['after it', '\nfunction (u, c, cb) {}\nvar a = 1', 2, 1],
  ['after it, which is a function', 'function (u, c, cb) { help() }\nfunction help() {}', 1, 1],
  ['after it, which is an arrow', '(u, c, cb) => {}\nvar a = 1', 1, 1],
  ['after it, which begins like a comment of the web', 'function (u, c, cb) {} --> x', 1, 1],
  ['around it', 'function (u, c, cb) {\n  function () {}\n}', 2, 3],
])('a function without a name is told to get one, if there is code %s', (_title, script, line, column) => {
  const reason = 'There is other code beside this function, so give the function a name.'
  expect(problem(script).message).toBe(`rules/sample.js:${line}:${column}: ${reason}`)
})

test.each([
  ['at the beginning', `import _ from 'lodash'\nfunction rule(u, c, cb) {}`, 1, 1],
  ['before a function without a name', `// first\nimport _ from 'lodash'\nfunction (u, c, cb) {}`, 2, 1],
  ['in the function', `function (u, c, cb) {\n  import _ from 'lodash'\n}`, 2, 3],
])('an import %s is told to become require()', (_title, script, line, column) => {
  const reason = 'A rule imports types only, and uses require(). A rule is one function: '
  expect(problem(script).message).toContain(`rules/sample.js:${line}:${column}: ${reason}`)
})

test('an export is refused by name', () => {
  expect(problem('export default function rule(u, c, cb) {}').message).toMatch(/:1:1: .* it has no export\. /)
})

test('a long chain of calls after a function is refused where it begins', () => {
  const { details } = problem(`function (user, context, callback) {}${'()'.repeat(40_000)}`)
  expect(details).toMatchObject({ column: 38 })
})

describe('no rule is', () => {
  test.each([
    ['nothing', '// only a comment', 1, 1],
    ['a number', '\n  42', 2, 3],
    ['a call', 'alert(1)', 1, 1],
    ['an object', 'module.exports = { rule: 1 }', 1, 18],
    ['a generator', 'function* (user, context, callback) {}', 1, 11],
    ['a named generator', 'function* rule(user, context, callback) {}', 1, 1],
    ['a class', 'class Rule {}', 1, 1],
    ['a function that is called at once', 'function (u, c, cb) {}()', 1, 23],
    ['an arrow that is called at once', '((u, c, cb) => {})()', 1, 1],
    ['two expressions', 'function (u, c, cb) {}, 1', 1, 23],
    ['an anonymous function and a call', 'function (u, c, cb) {}\nf()', 2, 1],
    ['a function that breaks out', 'function (u, c, cb) {} })(); evil(); (function () {', 1, 24],
    ['an arrow that breaks out', '(u, c, cb) => {})); evil(); ((', 1, 17],
    ['hiding behind a line separator', 'function (u, c, cb) {} // x\u2028evil()', 2, 1],
    ['a module', 'export default function (u, c, cb) {}', 1, 1],
    ['a misspelt word', 'functoin (u, c, cb) {}', 1, 21],
    ['a function with a fault in its parameters', 'function (u, c, cb { cb() }', 1, 20],
    ['more closed than opened', 'function (u, c, cb) {\n}}', 2, 2],
  ])('%s', (_title, script, line, column) => {
    const { code, details, message } = problem(script)
    expect(code).toBe('RULE_SYNTAX')
    expect(details).toEqual({ rule: 'sample', file: 'rules/sample.js', line, column })
    expect(message).toMatch(new RegExp(`^rules/sample\\.js:${line}:${column}: .+\\. A rule is one function: `))
  })

  test.each([
    ['an open comment', 'function (u, c, cb) {} /* open', '1:24: Unterminated comment.'],
    ['an open string', "function (u, c, cb) { 'open }", '1:23: Unterminated string constant.'],
    ['an open body', 'function (u, c, cb) {\n  if (u) {\n  }\n', '4:1: Unexpected token.'],
    ['an await in a function that is not async', 'function (u, c, cb) { await c() }', '1:29: Unexpected token.'],
    ['a missing comma in an arrow', '(u, c, cb) => {\n  cb(null, u c)\n}', '2:14: Unexpected token.'],
    [
      'a missing parenthesis in an action',
      'exports.onExecutePostLogin = async (event, api) => {\n  api.access.deny("x"\n}',
      '3:1: Unexpected token.',
    ],
  ])('%s in a function, and the message does not say what a rule is', (_title, script, fault) => {
    const { code, details, message } = problem(script)
    expect(code).toBe('RULE_SYNTAX')
    expect(message).toBe(`rules/sample.js:${fault}`)
    const [line, column] = fault.split(':').map(Number)
    expect(details).toEqual({ rule: 'sample', file: 'rules/sample.js', line, column })
  })

  test.each(['[', '{', '(', '!'])('nested beyond all reason: %s', (opening) => {
    const { code, message } = problem(`(user, context, callback) => ${opening.repeat(50_000)}`)
    expect(code).toBe('RULE_SYNTAX')
    expect(message).toContain('Not enough stack space')
  })
})

test('whatever text is accepted stays inside what is put around it', () => {
  const marks = fc.constantFrom(..."} ( ) => ; , // /* */ --> <!-- ` ${ ' () x /x/".split(' '), '\n', '\u2028')
  const code = fc.constantFrom(
    '(a, b, c) => 1',
    'function (a, b, c) {',
    'function f(a, b, c) {}',
    'async ',
    'module.exports = ',
  )
  const pieces = fc.oneof(marks, code)
  const script = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(script, (text) => {
      const accepted = acceptedExpression(text)
      if (accepted === undefined) return
      const around = parse(`((a) => (${accepted}\n))`, { ecmaVersion: 'latest', sourceType: 'script' })
      const statement = around.body[0]
      expect(around.body).toHaveLength(1)
      expect(statement).toMatchObject({
        type: 'ExpressionStatement',
        expression: { type: 'ArrowFunctionExpression', start: 1, end: accepted.length + 11 },
      })
    }),
    { numRuns: 3000 },
  )
})

function acceptedExpression(text: string): string | undefined {
  try {
    return expressionOf(text)
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'RULE_SYNTAX') return undefined
    throw error
  }
}
