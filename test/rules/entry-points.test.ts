import { expect, test } from 'vitest'
import { findEntryPoints } from '../../src/rules/source/find-entry-points.ts'
import { loadRuleFile } from '../../src/rules/ruleset/ruleset.ts'

/** What stands in a script where a debugger would stop first. */
function stops(script: string): string[] {
  const source = loadRuleFile({ name: 'r', file: 'r.js', script }, { onError: 'deny', secrets: {} })
  return findEntryPoints(source).map(({ line, column }) => source.expression.split('\n')[line]!.slice(column))
}

test.each([
  ['a rule', 'function (user, context, callback) {\n  // why\n  first();\n  second();\n}', ['first();']],
  ['an arrow', '(user, context, callback) =>\n  first()', ['first()']],
  ['a rule with nothing in it', 'function (user, context, callback) {}', ['}']],
  [
    'a rule with functions beside it, which may be what runs first',
    'function one() {\n  helper();\n}\nfunction rule(user, context, callback) {\n  first();\n  return () => inner();\n}',
    ['helper();', 'first();'],
  ],
  [
    'an action, whose handler is called',
    'exports.onExecutePostLogin = async (event) => {\n  first();\n}',
    ['first();'],
  ],
])('%s', (_, script, expected) => {
  expect(stops(script)).toEqual(expected)
})
