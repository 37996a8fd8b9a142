import { expect, test } from 'vitest'
import { parseSpecifier } from '../../../src/sandbox/modules/specifier.ts'

test.each([
  ['lodash', { name: 'lodash', path: '' }],
  ['lodash@4.17.19', { name: 'lodash', version: '4.17.19', path: '' }],
  ['lodash/fp', { name: 'lodash', path: '/fp' }],
  ['@auth0/rule-utilities@0.1.0', { name: '@auth0/rule-utilities', version: '0.1.0', path: '' }],
  ['@a/b@^1.2/lib/c.js', { name: '@a/b', version: '^1.2', path: '/lib/c.js' }],
  ['node:crypto', { name: 'crypto', path: '' }],
])('%s is a package', (text, expected) => {
  expect(parseSpecifier(text)).toEqual(expected)
})

test.each([
  './x',
  '../x',
  '/etc/passwd',
  'a/../../b',
  '',
  ' ',
  'C:\\x',
  'file:///x',
  'a/./b',
  'data:text/javascript,1',
])('%j is none', (text) => {
  expect(parseSpecifier(text)).toBeUndefined()
})
