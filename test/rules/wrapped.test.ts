import { describe, expect, test } from 'vitest'
import { parseRuleExpression } from '../../src/rules/source/parse-rule-expression.ts'
import { answer, evaluated } from './run-expression.ts'

function expressionOf(script: string): string {
  return parseRuleExpression({ name: 'sample', file: 'sample.js', script })
}

const helper = "function greeting(user) { return 'hello ' + user.name }"
const rule = 'function rule(user, context, callback) { callback(null, greeting(user)) }'

describe('a rule may have functions and variables beside it', () => {
  test.each([
    ['before it', `${helper}\n${rule}`],
    ['after it', `${rule}\n\n${helper}`],
    ['in a variable', `const greeting = (user) => 'hello ' + user.name;\n${rule};`],
    [
      'while it is in a variable itself',
      `${helper}\nconst rule = async (user, context, callback) => callback(null, greeting(user))`,
    ],
    [
      'while it is exported',
      `${helper}\nmodule.exports = (user, context, callback) => callback(null, greeting(user));`,
    ],
    ['while it is exported by name', `module.exports = rule;\n${rule}\n${helper}\nfunction other(a, b, c) {}`],
    [
      'which takes what it takes',
      `function hail(user, context, callback) { callback(null, greeting(user)) }\n${helper}\nfunction rule(user, context, callback) { hail(user, context, callback) }`,
    ],
    ['that nothing calls', `function log(level, text, done) { done(user.log) }\n${helper}\n${rule}`],
    ['and a directive', `'use strict';\n${helper}\n${rule}`],
    [
      'and a class',
      `class Greeter { greet(user) { return 'hello ' + user.name } }\nvar greeting = u => new Greeter().greet(u)\n${rule}`,
    ],
  ])('%s', (_title, script) => {
    expect(answer(expressionOf(script), { name: 'Ada' })).toBe('hello Ada')
  })

  test('and a directive keeps its meaning', () => {
    const script = `'use strict'\nfunction help() { return this }\nfunction rule(user, context, callback) { callback(null, String(help())) }`
    expect(answer(expressionOf(script))).toBe('undefined')
  })

  test('and a variable alone is enough', () => {
    expect(answer(expressionOf('var rule = function (user, context, callback) { callback(null, 1) }'))).toBe(1)
  })

  test('and comments after the last one are cut off', () => {
    expect(expressionOf(`${helper}\n${rule}\n// the end`)).not.toContain('the end')
  })
})

function stackOf(script: string): string {
  try {
    evaluated(expressionOf(script), 'sample.js')({}, {}, () => undefined)
  } catch (error) {
    return (error as Error).stack ?? ''
  }
  throw new Error('nothing was thrown')
}

describe('its lines stay where they were', () => {
  const throwing = 'function rule(user, context, callback) {\n  throw new Error("here")\n}'
  test('in a file that begins with a comment, with its columns', () => {
    const script = `// What this rule does\n${helper}\n${throwing}`
    expect(stackOf(script)).toContain('sample.js:4:9')
    expect(expressionOf(script)).toContain(`\n${helper}\n`)
  })

  test('in a file that begins with code', () => {
    expect(stackOf(`${helper}\n${throwing}`)).toContain('sample.js:3:9')
  })
})

describe('a file is refused', () => {
  test.each([
    ['that does something of its own', `${helper}\nstart()\n${rule}`, '2:1', 'only be functions and variables'],
    ['whose export is no function', `${rule}\nmodule.exports = { rule }`, '2:18', 'no function'],
    ['whose export is unknown', `${rule}\nmodule.exports = greeting`, '2:18', 'no function'],
    ['without a function that takes a callback', `\n${helper}\nvar x = 1`, '2:1', 'takes (user, context, callback)'],
    [
      'that holds two rules, of which the first would never run',
      `function first(user, context, callback) { user.first = 1; callback(null, user, context) } // first\n${rule}\n${helper}`,
      '1:1',
      'Nothing calls first',
    ],
    [
      'whose only candidate is a generator',
      'var a = 1\nfunction* rule(user, context, callback) {}',
      '1:1',
      'takes (user',
    ],
  ])('%s', (_title, script, place, reason) => {
    const [line, column] = place.split(':').map(Number)
    expect(() => expressionOf(script)).toThrow(
      expect.objectContaining({
        code: 'RULE_SYNTAX',
        message: expect.stringContaining(reason) as string,
        details: { rule: 'sample', file: 'sample.js', line, column },
      }),
    )
  })
})
