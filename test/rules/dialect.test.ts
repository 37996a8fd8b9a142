import { describe, expect, test } from 'vitest'
import { loadRuleset, type Ruleset } from '../../src/rules/ruleset/ruleset.ts'
import { temporaryFolder } from './temporary-folder.ts'

const load = (script: string): Ruleset => loadRuleset({ rules: [{ name: 'x', script }] })
const rule = 'function (user, context, callback) { callback(null, user, context) }'
const action = 'exports.onExecutePostLogin = async (event, api) => {}'

describe('a script', () => {
  test.each([
    [rule, 'rule', ['post-login']],
    [`module.exports = ${rule}`, 'rule', ['post-login']],
    [
      `function (user, context, callback) { user.exports = { onExecute: 1 }; callback(null, user, context) }`,
      'rule',
      ['post-login'],
    ],
    [action, 'action', ['post-login']],
    [`exports.onExecutePostLogin = exports.onContinuePostLogin = async () => {}`, 'action', ['post-login']],
    [`exports.onExecuteCredentialsExchange = async () => {}`, 'action', ['credentials-exchange']],
    [
      `exports.onExecutePostLogin = void 0;\nconst f = async () => {};\nexports.onExecutePostLogin = f;`,
      'action',
      ['post-login'],
    ],
    [
      `${action};\nexports.onExecuteCredentialsExchange = async () => {}`,
      'action',
      ['post-login', 'credentials-exchange'],
    ],
  ])('%s', (script, kind, triggers) => {
    expect(load(script).rules).toMatchObject([{ kind, triggers }])
  })

  test('keeps its lines, and its columns behind a comment', () => {
    const expression = load(`/* what this action is good for */\n  ${action}`).rules[0]?.expression ?? ''
    expect(expression.split('\n')[1]).toBe(`  ${action}`)
  })

  test.each([
    [
      'of another trigger',
      `\nexports.onExecutePreUserRegistration = async () => {}`,
      2,
      1,
      /onExecutePreUserRegistration, which no login calls/,
    ],
    [
      'that imports',
      `import axios from 'axios';\nexport const onExecutePostLogin = async () => {}`,
      1,
      1,
      /uses require\(\)/,
    ],
    ['that exports a default', `export const onExecutePostLogin = async () => {};\nexport default 1`, 2, 1, /by name/],
    ['that awaits at its top level', `await 1; export const onExecutePostLogin = async () => {}`, 1, 1, /cannot await/],
    ['that is no JavaScript', `exports.onExecutePostLogin = async (event, api) => {`, 1, 53, /: Unexpected token\.$/],
  ])('%s is refused with its place', (_what, script, ...expected) => {
    const [line, column, message] = expected
    let error: unknown
    try {
      load(script)
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 'RULE_SYNTAX', details: { rule: 'x', line, column } })
    expect((error as Error).message).toMatch(message)
  })
})

test('a rule and the action that it became may have one name, two actions may not', () => {
  const rules = [
    { name: 'add-roles', script: action },
    { name: 'add-roles', script: rule },
  ]
  expect(loadRuleset({ rules }).rules.map(({ kind }) => kind)).toEqual(['rule', 'action'])
  expect(() => loadRuleset({ rules: [...rules, { name: 'add-roles', script: action }] })).toThrow(
    /Two rules are called/,
  )
})

test('secrets are part of what a ruleset is', () => {
  const rules = [{ name: 'x', script: action, secrets: { KEY: 'a' } }]
  const hashes = [{ rules }, { rules, secrets: { KEY: 'b' } }, { rules, secrets: { OTHER: 'b' } }].map(
    (options) => loadRuleset(options).hash,
  )
  expect(new Set(hashes).size).toBe(3)
  expect(loadRuleset({ rules, secrets: { KEY: 'b' } }).rules[0]?.secrets).toEqual({ KEY: 'b' })
})

describe('a folder', () => {
  test('may hold rules and actions side by side, in TypeScript, too', () => {
    const rules = temporaryFolder({
      '10-action.ts': `import type { PostLoginEvent } from 'claimsmith'\n\nexport const onExecutePostLogin = async (event: PostLoginEvent): Promise<void> => { helper(event.user.user_id as string) }\nfunction helper<T>(value: T): T { return value }`,
      '20-rule.js': rule,
      '30-action.js': action,
      '30-action.json': {
        secrets: [
          { name: 'KEY', value: 'v' },
          { name: 'HIDDEN', value: '_VALUE_NOT_SHOWN_' },
        ],
      },
    })
    const ruleset = loadRuleset({ rules })
    expect(ruleset.rules.map(({ name, kind, secrets }) => [name, kind, secrets])).toEqual([
      ['20-rule', 'rule', {}],
      ['10-action', 'action', {}],
      ['30-action', 'action', { KEY: 'v' }],
    ])
    expect(ruleset.rules[1]?.expression.split('\n')[2]).toMatch(/^ +const onExecutePostLogin/)
  })

  const deployed = {
    'actions/One.json': {
      name: 'One',
      code: './actions/One/code.js',
      secrets: [{ name: 'KEY', value: 'v' }],
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
    },
    'actions/One/code.js': action,
    'actions/Two.json': { name: 'Two', code: 'actions/Two/code.js', supported_triggers: [{ id: 'post-login' }] },
    'actions/Two/code.js': action,
    'actions/Sms.json': {
      name: 'Sms',
      code: 'actions/Sms/code.js',
      supported_triggers: [{ id: 'send-phone-message' }],
    },
    'actions/Sms/code.js': 'exports.onExecuteSendPhoneMessage = async () => {}',
    'actions/Token.json': {
      name: 'Token',
      code: 'actions/Token/code.js',
      supported_triggers: [{ id: 'credentials-exchange' }],
    },
    'actions/Token/code.js': 'exports.onExecuteCredentialsExchange = async () => {}',
  }
  const names = (files: Record<string, string | object>): string[] =>
    loadRuleset({ rules: temporaryFolder(files) }).rules.map(({ name }) => name)

  test("in auth0-deploy-cli's layout has the actions that its triggers bind, in their order", () => {
    const bindings = {
      'post-login': [
        { action_name: 'Two', display_name: 'Two' },
        { action_name: 'One', display_name: 'One' },
      ],
      'credentials-exchange': [{ action_name: 'Token' }],
      'send-phone-message': [{ action_name: 'Sms' }],
    }
    expect(names({ ...deployed, 'triggers/triggers.json': bindings })).toEqual(['Two', 'One', 'Token'])
    expect(names({ ...deployed, 'triggers/triggers.json': { 'post-login': [] } })).toEqual([])
  })

  test('without triggers has all of them, behind its rules', () => {
    const rules = { 'rules/first.json': { script: './first.js' }, 'rules/first.js': rule }
    expect(names({ ...deployed, ...rules })).toEqual(['first', 'One', 'Token', 'Two'])
  })

  test('names the code that is not there', () => {
    const files = { 'actions/One.json': { code: '../../etc/passwd' } }
    expect(() => names(files)).toThrow(/One\.json names the code "\.\.\/\.\.\/etc\/passwd": expected a file inside/)
  })
})
