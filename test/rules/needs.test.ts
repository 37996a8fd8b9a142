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
    'const list = Array.prototype; list.last = function () {}',
    "Reflect.set(String.prototype, 'x', 1)",
    'Array.prototype.push(1)',
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
    "const { defaults } = require('pg'); const alias = defaults; alias.password = 'x'",
    "const agent = require('http').globalAgent; agent.on('free', () => {})",
    "const m = require('m'); m.list.push(1)",
    "require('pg').types.setTypeParser(20, Number)",
    "let m = require('m'); m.a.b.c++",
    "const m = require('m'); Reflect.set(m.a, 'b', 1)",
    "const _ = require('lodash'); _.extend(_.templateSettings, {})",
  ])('%s', (code) => {
    expect(findDependencies(rule(code)).moduleWrites).toMatchObject([{ location: { line: 2 } }])
    expect(findDependencies(rule(code)).moduleWrites[0]).not.toHaveProperty('name')
  })

  test.each([
    '_.templateSettings = {}',
    'const { templateSettings } = _; templateSettings.variable = 1',
    'Object.assign(_.map, { mark: 1 })',
    '_.mixin({ twice: (x) => 2 * x })',
    'const settings = _ && _.templateSettings; delete settings.imports',
  ])('where the module needs no require, its name is told: %s', (code) => {
    expect(findDependencies(rule(code)).moduleWrites).toMatchObject([{ name: '_' }])
  })

  test.each([
    "const m = require('m'); const own = m.create(); own.x = 1; own.list.push(1)",
    "const m = require('m'); m.on('x', () => {}); m.set(user, 'a', 1)",
    "const options = Object.assign({}, require('m').defaults); options.x = 1",
    "_.extend(user, { a: 1 }); _.set(user, 'a', 1); user.list.push(1)",
    "request.get('http://a').on('data', () => {})",
  ])('and %s is none', (code) => {
    expect(findDependencies(rule(code)).moduleWrites).toEqual([])
  })
})
