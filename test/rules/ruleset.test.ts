import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../src/profile/rule/rule.ts'
import { loadRuleset, type Ruleset } from '../../src/rules/ruleset/ruleset.ts'
import { answer } from './run-expression.ts'

const script = 'function (user, context, callback) { callback(null, user, context) }'

function rule(name: string, more: Partial<RuleInput> = {}): RuleInput {
  return { name, script, ...more }
}

function names({ rules }: Ruleset): string[] {
  return rules.map(({ name }) => name)
}

describe('loadRuleset', () => {
  test('gives rules ready to be compiled', () => {
    const { rules, configuration, realm } = loadRuleset({ rules: [rule('roles', { script: `// hi\n${script};` })] })
    expect(rules).toMatchObject([
      { name: 'roles', expression: `     \n${script}`, filename: 'roles.js', onError: 'deny' },
    ])
    expect(answer(rules[0]?.expression ?? '', 'ada')).toBe('ada')
    expect({ configuration, realm }).toEqual({ configuration: {}, realm: 'hardened' })
  })

  test('takes a ruleset without rules', () => {
    expect(loadRuleset({ rules: [] }).rules).toEqual([])
  })

  test('runs rules by ascending order, those without one last, ties as they were given', () => {
    const rules = [
      rule('e'),
      rule('c', { order: 2 }),
      rule('d', { order: 2 }),
      rule('f'),
      rule('a', { order: 0 }),
      rule('b', { order: 1.5 }),
    ]
    expect(names(loadRuleset({ rules }))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('leaves disabled rules out, even when they do not parse', () => {
    const rules = [rule('a'), rule('b', { enabled: false, script: 'function (' }), rule('c', { enabled: true })]
    expect(names(loadRuleset({ rules }))).toEqual(['a', 'c'])
  })

  test('lets a rule say what its failure does, and the ruleset what the others do', () => {
    const rules = [rule('a'), rule('b', { onError: 'skip' }), rule('c', { onError: 'deny' })]
    const onErrors = (onError?: 'deny' | 'skip'): string[] =>
      loadRuleset(onError === undefined ? { rules } : { rules, onError }).rules.map((one) => one.onError)
    expect(onErrors()).toEqual(['deny', 'skip', 'deny'])
    expect(onErrors('skip')).toEqual(['skip', 'skip', 'deny'])
  })

  test('cannot be changed afterwards, by what it was made of or by itself', () => {
    const configuration = { KEY: 'value' }
    const ruleset = loadRuleset({ rules: [rule('a')], configuration, realm: 'fresh' })
    configuration.KEY = 'other'
    expect(ruleset).toMatchObject({ configuration: { KEY: 'value' }, realm: 'fresh' })
    const parts: readonly object[] = [ruleset, ruleset.rules, ruleset.configuration, ...ruleset.rules]
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true)
  })

  test('orders any rules stably', () => {
    const orders = fc.array(fc.option(fc.nat({ max: 3 }), { nil: undefined }), { maxLength: 12 })
    fc.assert(
      fc.property(orders, (given) => {
        const rules = given.map((order, index) => rule(`r${index}`, order === undefined ? {} : { order }))
        const expected = [0, 1, 2, 3, undefined].flatMap((order) => rules.filter((one) => one.order === order))
        expect(names(loadRuleset({ rules }))).toEqual(expected.map(({ name }) => name))
      }),
      { numRuns: 50 },
    )
  })
})

describe('the hash', () => {
  const base = { rules: [rule('a'), rule('b')], configuration: { X: '1', Y: '2' } }
  const { hash } = loadRuleset(base)

  test('is SHA-256 in hexadecimal', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['the order of configuration keys', { ...base, configuration: { Y: '2', X: '1' } }],
    ['numbers that lead to the same order', { ...base, rules: [rule('b', { order: 9 }), rule('a', { order: 3 })] }],
    ['defaults that are spelt out', { ...base, onError: 'deny', realm: 'hardened' } as const],
    ['disabled rules', { ...base, rules: [...base.rules, rule('c', { enabled: false })] }],
    ['comments around a rule', { ...base, rules: [rule('a', { script: `${script}; // end` }), rule('b')] }],
  ])('does not depend on %s', (_title, options) => {
    expect(loadRuleset(options).hash).toBe(hash)
  })

  test.each([
    ['a name', { ...base, rules: [rule('a'), rule('c')] }],
    ['a script', { ...base, rules: [rule('a'), rule('b', { script: '(a, b, c) => c()' })] }],
    ['the order', { ...base, rules: [rule('b'), rule('a')] }],
    ['what a failure does', { ...base, rules: [rule('a', { onError: 'skip' }), rule('b')] } as const],
    ['a configuration value', { ...base, configuration: { X: '1', Y: '3' } }],
    ['the realm', { ...base, realm: 'fresh' } as const],
  ])('depends on %s', (_title, options) => {
    expect(loadRuleset(options).hash).not.toBe(hash)
  })
})

describe('a ruleset is refused', () => {
  const long = `function (user, context, callback) { /* ${'é'.repeat(40)} */ }`

  test.each([
    ['a missing script', { rules: [{ name: 'a' }] }, 'The rule "a" is not valid: expected the property "script".'],
    ['an empty script', { rules: [rule('a', { script: ' \n' })] }, 'The rule "a" is not valid at /script'],
    [
      'an empty name',
      { rules: [rule('a'), rule(' ')] },
      'Rule 2 is not valid at /name: expected text that is not empty.',
    ],
    ['a missing name', { rules: [{ script }] }, 'Rule 1 is not valid: expected the property "name".'],
    ['no rule at all', { rules: [null] }, 'Rule 1 is not valid: expected an object.'],
    [
      'a negative order',
      { rules: [rule('a', { order: -1 })] },
      'The rule "a" is not valid at /order: expected a value >= 0.',
    ],
    ['an order that is no number', { rules: [{ name: 'a', script, order: '1' }] }, '/order: expected a number.'],
    ['NaN for an order', { rules: [rule('a', { order: NaN })] }, '/order: expected a number.'],
    ['an unknown onError', { rules: [{ ...rule('a'), onError: 'allow' }] }, '/onError: expected "deny" or "skip".'],
    ['a misspelt property', { rules: [{ ...rule('a'), enable: false }] }, 'expected no property "enable".'],
    [
      'two rules of one name',
      { rules: [rule('a'), rule('b'), rule('a')] },
      'Two rules are called "a": expected every name once.',
    ],
    [
      'a script that is too long',
      { rules: [rule('a', { script: long })], maxSourceBytes: 100 },
      `has ${Buffer.byteLength(long)} bytes: expected at most 100.`,
    ],
    [
      'a limit above the ceiling',
      { rules: [], maxSourceBytes: 1_000_001 },
      '/maxSourceBytes: expected a value <= 1000000.',
    ],
    [
      'a configuration value that is no string',
      { rules: [], configuration: { A: 1 } },
      '/configuration/A: expected a string or an object.',
    ],
    ['an unknown realm', { rules: [], realm: 'open' }, '/realm: expected "hardened" or "fresh".'],
    ['rules of another type', { rules: 1 }, 'The ruleset is not valid at /rules: expected a string or an array.'],
  ])('for %s', (_title, options, message) => {
    const expected = { code: 'INVALID_RULESET', message: expect.stringContaining(message) as string }
    expect(() => loadRuleset(options as never)).toThrow(expect.objectContaining(expected))
  })

  test('with the rule and the field for programs', () => {
    const expected = { details: { rule: 'a', field: 'order', path: '/order', expected: 'a value >= 0' } }
    expect(() => loadRuleset({ rules: [rule('a', { order: -1 })] })).toThrow(expect.objectContaining(expected))
  })

  test('for a rule that does not parse, with its place', () => {
    const rules = [rule('a'), rule('broken', { script: 'function (user) {\n  return user.\n}' })]
    const details = { rule: 'broken', file: 'broken.js', line: 3, column: 1 }
    expect(() => loadRuleset({ rules })).toThrow(expect.objectContaining({ code: 'RULE_SYNTAX', details }))
  })
})
