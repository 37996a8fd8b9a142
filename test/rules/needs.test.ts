import { describe, expect, test } from 'vitest'
import { findDependencies } from '../../src/rules/analysis/dependencies.ts'

const rule = (body: string): string => `function (user, context, callback) {\n${body}\n}`

test('names that a rule does not declare itself are those that it takes from outside', () => {
  const { freeNames: names } = findDependencies(
    rule('var a = _.pick(user); function b(jwt) { return jwt } b(a); request.get(configuration.X)'),
  )
  expect(names.toSorted()).toEqual(['_', 'configuration', 'request'])
})

test('modules that are required by name are listed as they are written, with their place', () => {
  const { modules, computedRequires } = findDependencies(
    rule("var l = require('lodash@4.17.19');\n  require('a/b'); require('c' + l)"),
  )
  expect(modules).toEqual([
    { specifier: 'lodash@4.17.19', location: { line: 2, column: 9 } },
    { specifier: 'a/b', location: { line: 3, column: 3 } },
  ])
  expect(computedRequires).toEqual([{ line: 3, column: 19 }])
})

test("a require of the rule's own is none of ours", () => {
  expect(findDependencies(rule("function require(x) { return x } require('lodash')")).modules).toEqual([])
})

describe('writes to builtins are noticed', () => {
  test.each([
    'String.prototype.trimAll = function () {}',
    'Object.assign(Array.prototype, {})',
    "Object.defineProperty(Date.prototype, 'x', {})",
    'delete Array.prototype.at',
    'Math.count++',
  ])('%s', (code) => {
    expect(findDependencies(rule(code)).builtinWrites).toHaveLength(1)
  })

  test.each(['user.a = 1', 'var String = {}; String.x = 1', 'Object.assign(user, {})', 'global.x = 1'])(
    'and %s is none',
    (code) => {
      expect(findDependencies(rule(code)).builtinWrites).toEqual([])
    },
  )
})

describe('writes to what a module exports are noticed', () => {
  test.each([
    "var axios = require('axios'); axios.defaults.timeout = 1",
    "require('moment').suppressDeprecationWarnings = true",
    "const m = require('m'); Object.assign(m.defaults, {})",
  ])('%s', (code) => {
    expect(findDependencies(rule(code)).moduleWrites).toMatchObject([{ location: { line: 2 } }])
    expect(findDependencies(rule(code)).moduleWrites[0]).not.toHaveProperty('name')
  })

  test('where the module needs no require, its name is told', () => {
    expect(findDependencies(rule('_.templateSettings = {}')).moduleWrites).toMatchObject([{ name: '_' }])
  })
})
