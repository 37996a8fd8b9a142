import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ClaimsmithError } from '../../src/errors/claimsmith-error.ts'
import { loadRuleset, type Ruleset } from '../../src/rules/ruleset/ruleset.ts'
import { answer } from './run-expression.ts'
import { temporaryFolder } from './temporary-folder.ts'

const script = 'function (user, context, callback) { callback(null, user, context) }'

function names({ rules }: Ruleset): string[] {
  return rules.map(({ name }) => name)
}

describe('a folder of rules', () => {
  test('gives its .js and .ts files, sorted by name', () => {
    const rules = temporaryFolder({
      'b.js': script,
      'a.ts': `export default ${script.replace('user,', 'user: User,')}`,
      'B.js': script,
    })
    const ruleset = loadRuleset({ rules })
    expect(names(ruleset)).toEqual(['B', 'a', 'b'])
    expect(ruleset.rules.map(({ filename }) => filename)).toEqual(
      ['B.js', 'a.ts', 'b.js'].map((file) => join(rules, file)),
    )
    expect(ruleset.rules.map(({ expression }) => answer(expression, 7))).toEqual([7, 7, 7])
  })

  test('leaves out tests, declarations and what is no rule', () => {
    const rules = temporaryFolder({
      'a.js': script,
      'a.test.js': 'test()',
      'a.test.ts': 'test()',
      'b.spec.ts': 'test()',
      'types.d.ts': 'declare const x: 1',
      'README.md': '# hello',
      '.hidden.js': 'no',
      'package.json': '{ "type": "commonjs" }',
      'tsconfig.json': '{ /* comments are allowed here */ }',
      'more/c.js': script,
    })
    mkdirSync(join(rules, 'folder.js'))
    expect(names(loadRuleset({ rules }))).toEqual(['a'])
  })

  test('follows links to files, as mounted folders hold them', () => {
    const rules = temporaryFolder({ 'data/a.txt': script })
    symlinkSync(join(rules, 'data', 'a.txt'), join(rules, 'a.js'))
    expect(names(loadRuleset({ rules }))).toEqual(['a'])
  })

  test('orders by a leading number, which a JSON file beside the rule overrules', () => {
    const rules = temporaryFolder({
      '020-first.js': script,
      '020-first.json': { order: 1 },
      '3-second.js': script,
      '10_third.js': script,
      '2fa.js': script,
      'plain.js': script,
    })
    expect(names(loadRuleset({ rules }))).toEqual(['020-first', '3-second', '10_third', '2fa', 'plain'])
  })

  test('reads what a JSON file says of its rule', () => {
    const rules = temporaryFolder({
      'a.js': script,
      'a.json': { onError: 'skip', name: 'Add roles', 'something else': true },
      'b.js': 'not even JavaScript',
      'b.json': { enabled: false },
      'c.js': 'not even JavaScript',
      'c.json': { stage: 'login_failure' },
      'd.js': script,
      'd.json': { enabled: true, stage: 'login_success' },
      'data.json': { roles: ['admin'] },
    })
    const ruleset = loadRuleset({ rules })
    expect(ruleset.rules.map(({ name, onError }) => [name, onError])).toEqual([
      ['Add roles', 'skip'],
      ['d', 'deny'],
    ])
  })

  test.each([{ enabled: false }, { order: 1 }, { onError: 'skip' }])(
    'refuses %j for a rule that is not there',
    (about) => {
      const rules = temporaryFolder({ '10-a.js': script, 'a.json': about })
      expect(() => loadRuleset({ rules })).toThrow(/a\.json describes no rule: expected a\.js or a\.ts beside it/)
    },
  )

  test('reads configuration.json, over which the configuration given wins', () => {
    const rules = temporaryFolder({ 'a.js': script, 'configuration.json': { URL: 'file', KEY: 'file' } })
    const { configuration } = loadRuleset({ rules, configuration: { KEY: 'given' } })
    expect(configuration).toEqual({ URL: 'file', KEY: 'given' })
  })

  test('may be one file', () => {
    const folder = temporaryFolder({
      'a.js': script,
      'b.js': 'nonsense here',
      'c.ts': script.replace('user,', 'user: unknown,'),
    })
    expect(names(loadRuleset({ rules: join(folder, 'a.js') }))).toEqual(['a'])
    expect(names(loadRuleset({ rules: join(folder, 'c.ts') }))).toEqual(['c'])
  })
})

describe("auth0-deploy-cli's layout", () => {
  const deployed = {
    'rules/Add Roles.json': {
      name: 'Add Roles',
      script: './add-roles.js',
      order: 20,
      enabled: true,
      stage: 'login_success',
    },
    'rules/add-roles.js': script,
    'rules/early.json': { name: 'Early', script: './rules/early.js', order: 10, enabled: true },
    'rules/early.js': script,
    'rules/off.json': { name: 'Off', script: './off.js', enabled: false },
    'rules/off.js': script,
    'rules/left-over.js': 'nobody names this file',
    'rules-configs/one.json': { key: 'ONE', value: '1' },
    'rules-configs/TWO.json': { value: '2' },
    'tenant.json': {},
  }

  test('is read from its root', () => {
    const ruleset = loadRuleset({ rules: temporaryFolder(deployed) })
    expect(names(ruleset)).toEqual(['Early', 'Add Roles'])
    expect(ruleset.configuration).toEqual({ ONE: '1', TWO: '2' })
  })

  test('is read from its folder of rules in the same way', () => {
    const root = temporaryFolder(deployed)
    const { hash } = loadRuleset({ rules: root })
    expect(loadRuleset({ rules: join(root, 'rules') }).hash).toBe(hash)
  })

  test('may be the older one, where a rule is named by its file', () => {
    const rules = temporaryFolder({
      'rules/b.js': script,
      'rules/b.json': { enabled: true, order: 1, stage: 'login_success' },
      'rules/a.js': script,
      'rules-configs/KEY.json': { value: 'v' },
      'configuration.json': { KEY: 'root' },
      'rules/configuration.json': { OTHER: 'near' },
    })
    const ruleset = loadRuleset({ rules })
    expect(names(ruleset)).toEqual(['b', 'a'])
    expect(ruleset.configuration).toEqual({ KEY: 'root', OTHER: 'near' })
  })
})

describe('a folder is refused', () => {
  test.each([
    ['without a rule', { 'README.md': 'x' }, '', 'holds no rule: expected a folder of .js or .ts rules'],
    [
      'that is a file of another kind',
      { 'a.txt': script },
      'a.txt',
      '", which is a .txt file: expected a folder of .js',
    ],
    ['that is not there', {}, 'missing', '", which does not exist: expected a folder of .js or .ts rules'],
    [
      'with JSON that does not parse',
      { 'a.js': script, 'a.json': '{ "order": 1, }' },
      '',
      'a.json is not valid JSON at line 1 column',
    ],
    [
      'with metadata of a wrong type',
      { 'a.js': script, 'a.json': { enabled: '##ON##' } },
      '',
      'a.json is not valid at /enabled: expected a boolean.',
    ],
    [
      'with a negative order',
      { 'a.js': script, 'a.json': { order: -1 } },
      '',
      'a.json is not valid at /order: expected a value >= 0.',
    ],
    ['with two rules of one name', { 'a.js': script, 'a.ts': script }, '', 'Two rules are called "a" ('],
    [
      'with a script that is not there',
      { 'rules/a.json': { name: 'a', script: './b.js' } },
      '',
      'names the script "./b.js": expected a file inside',
    ],
    [
      'with a script from outside',
      { 'a.js': script, 'in/a.json': { script: '../a.js' } },
      'in',
      'expected a file inside',
    ],
    [
      'with a configuration value that is no string',
      { 'a.js': script, 'configuration.json': { A: 1 } },
      '',
      'configuration.json is not valid at /A: expected a string or an object.',
    ],
    [
      'with a rules-config without a value',
      { 'rules/a.js': script, 'rules-configs/A.json': { key: 'A' } },
      '',
      'A.json is not valid: expected the property "value".',
    ],
    ['with a script that is too long', { 'a.js': `${script}${' '.repeat(100_000)}` }, '', 'expected at most 100000.'],
  ])('%s', (_title, files, path, message) => {
    const rules = join(temporaryFolder(files), path)
    const expected = { code: 'INVALID_RULESET', message: expect.stringContaining(message) as string }
    expect(() => loadRuleset({ rules })).toThrow(expect.objectContaining(expected))
  })

  test('with the path as it was given', () => {
    const message =
      'There are no rules at "no/such/folder", which does not exist: expected a folder of .js or .ts rules, or one such file.'
    expect(() => loadRuleset({ rules: 'no/such/folder' })).toThrow(message)
  })

  test('for JSON that does not parse, without showing any of it', () => {
    const rules = temporaryFolder({ 'a.js': script, 'configuration.json': '{ "KEY": hunter2 }' })
    const thrown = (() => {
      try {
        return loadRuleset({ rules })
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(ClaimsmithError)
    expect(inspect(thrown)).not.toContain('hunter2')
  })

  test.each([
    ['js', 'function (user) {\n  return user.\n}', 3, 1],
    ['ts', 'export default function (user: User) {\n\n  return user.\n}', 4, 1],
  ])('for a syntax error in a .%s file, with file, line and column', (extension, broken, line, column) => {
    const rules = temporaryFolder({ [`a.${extension}`]: broken })
    const file = join(rules, `a.${extension}`)
    expect(() => loadRuleset({ rules })).toThrow(
      expect.objectContaining({
        code: 'RULE_SYNTAX',
        message: expect.stringContaining(`${file}:${line}:${column}: `) as string,
        details: { rule: 'a', file, line, column },
      }),
    )
  })
})
