import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkRules } from '../../../src/migration/check/check-rules.ts'
import type { CheckReport, RuleReport } from '../../../src/migration/check/report.ts'
import { temporaryFolder } from '../../rules/temporary-folder.ts'
import { troubledRules } from './troubled-rules.ts'

let known: CheckReport | undefined

function report(): CheckReport {
  known ??= checkRules(temporaryFolder(troubledRules))
  return known
}

function rule(name: string): RuleReport {
  const found = report().rules.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no report on ${name}`)
  return found
}

/** Each finding as one line: level, place, message, cure. */
function findings(name: string): string[] {
  return rule(name).findings.map(
    ({ level, line, column, message, cure }) => `${level} ${line}:${column} ${message} → ${cure}`,
  )
}

describe('a rule', () => {
  test('without trouble runs, and nothing is said of it', () => {
    expect(rule('01-plain')).toMatchObject({ verdict: 'runs', dialect: 'rule', findings: [] })
  })

  test('is told of each module: found, in another version, missing, refused', () => {
    expect(rule('02-modules')).toMatchObject({
      verdict: 'will not run',
      modules: [
        { specifier: 'lodash@4.17.1', status: 'found', version: '4.17.21' },
        { specifier: 'counter@2.0.1', status: 'found', version: '2.0.1' },
        { specifier: 'url@0.10.3', status: 'found' },
        { specifier: 'left-pad-2@1.0.0', status: 'missing' },
        { specifier: '@auth0/rule-utilities@0.1.0', status: 'missing' },
        { specifier: 'fs', status: 'refused' },
        { specifier: './mine.js', status: 'refused' },
      ],
    })
    expect(findings('02-modules')).toEqual([
      'error 5:16 the module left-pad-2@1.0.0 is not there → npm install left-pad-2@1.0.0, in the folder of the rules',
      'error 6:15 the module @auth0/rule-utilities@0.1.0 is not there → npm does not have it: put it into node_modules/@auth0/rule-utilities beside the rules',
      'error 7:14 rules may not use fs → a rule reaches no files or processes of its host: call a service instead',
      'error 8:17 rules may not use ./mine.js → put what the file holds into the rule, or make it a package in node_modules beside the rules',
      "error 9:16 it requires a module whose name is put together as it runs → write the name out: require('lodash')",
      'warning 2:13 it asks for lodash@4.17.1, and gets version 4.17.21 → npm install lodash@4.17.1, in the folder of the rules, or try the newer one',
      'warning 9:36 configuration.WHICH has no value → add "WHICH" to configuration.json',
    ])
  })

  test('is told of the names it takes from outside: those of Auth0, and those that are nowhere', () => {
    expect(rule('03-globals').globals).toEqual(['jwt', '_', 'azure_storage'])
    expect(findings('03-globals')).toEqual([
      'error 3:24 the module azure-storage is not there → npm install azure-storage, in the folder of the rules',
      'warning 3:7 there is no mysterious here → declare mysterious, or require what it stands for',
    ])
  })

  test('is told which hosts it calls and which claims it sets, as far as its text shows, and no password', () => {
    expect(rule('04-hosts')).toMatchObject({
      hosts: ['crm.example:8443', '${configuration.REGION}.example.com', 'audit.example'],
      claims: {
        idToken: ['https://claims.example/id', 'https://claims.example/roles'],
        accessToken: ['https://claims.example/x'],
      },
    })
  })

  test('is told which configuration it lacks, unless it says what then', () => {
    expect(rule('05-configuration').configuration).toEqual({
      needed: ['HAS_VALUE', 'NO_VALUE', 'OPTIONAL', 'GUARDED'],
      missing: ['NO_VALUE', 'OPTIONAL', 'GUARDED'],
    })
    expect(findings('05-configuration')).toEqual([
      'warning 2:22 configuration.NO_VALUE has no value → add "NO_VALUE" to configuration.json',
    ])
  })

  test('that changes builtins runs, and the report says what that costs', () => {
    expect(rule('06-builtins').verdict).toBe('runs')
    expect(findings('06-builtins')[0]).toMatch(/^note 2:3 it changes a builtin → nothing to do: every login gets/)
    expect(report().realm).toBe('fresh')
  })

  test('is told of reserved claims; the scope of an access token is none', () => {
    expect(findings('07-reserved')).toEqual([
      'warning 2:3 the claim sub of the ID token is reserved, so it is dropped → give the claim a name of its own',
      'warning 3:27 the claim aud of the access token is reserved, so it is dropped → give the claim a name of its own',
    ])
  })

  test('is told what has been given up, and that alone is no warning', () => {
    expect(rule('08-old').verdict).toBe('runs')
    expect(findings('08-old')).toEqual([
      'note 2:16 new Buffer() is deprecated → use Buffer.from(…), or Buffer.alloc(size)',
      'note 3:15 process.version tells of the Node.js that runs claimsmith → do not decide by it',
      'note 4:39 url.parse() is deprecated → use new URL(text)',
      "note 5:41 expiresInMinutes is deprecated in jsonwebtoken → use expiresIn: '5m'",
      'note 6:3 the callback of auth0.users.updateUserMetadata is its older form → use its promise',
    ])
  })

  test('that never calls back will not run, and one that returns early without is warned', () => {
    expect(rule('09-silent').verdict).toBe('will not run')
    expect(findings('09-silent')).toEqual([
      'error 1:1 it never calls back → end every path with callback(null, user, context), in async rules too',
    ])
    expect(findings('10-sometimes')).toEqual([
      'warning 3:5 it returns here without having called back → return callback(null, user, context)',
    ])
  })

  test('is told what the auth0 of rules does not have', () => {
    expect(findings('11-management')).toEqual([
      "warning 2:3 the auth0 of rules has no getUser → use auth0.users.updateUserMetadata or updateAppMetadata, or require('auth0')",
    ])
  })

  test('that cannot be read is named with its place, and so is a keyword that was not replaced', () => {
    expect(findings('12-syntax')[0]).toMatch(/^error 3:1 \S.* → correct the syntax at this place$/)
    expect(findings('13-keyword')).toEqual([
      'error 2:13 The keyword @@URL@@ of auth0-deploy-cli was not replaced → claimsmith import --mappings f.json replaces keywords',
    ])
  })

  test('that is off is reported, and counts for nothing', () => {
    expect(rule('14-off')).toMatchObject({ enabled: false, verdict: 'will not run' })
    expect(
      checkRules(temporaryFolder({ 'a.js': '(', 'a.json': { enabled: false }, 'b.js': troubledRules['01-plain.js'] })),
    ).toMatchObject({ verdict: 'runs' })
  })
})

test('the report says what to install and to configure for all of them, and the worst verdict', () => {
  expect(report()).toMatchObject({
    verdict: 'will not run',
    install: ['azure-storage', 'left-pad-2@1.0.0'],
    missingConfiguration: ['GUARDED', 'NO_VALUE', 'OPTIONAL', 'REGION', 'WHICH'],
  })
})

test('of two versions of a package the newest is to be installed, and one that was asked for goes before none', () => {
  const folder = temporaryFolder({
    'a.js': `function (user, context, callback) { require('gone@1.2.0'); require('gone@1.10.0'); require('gone'); callback() }`,
  })
  expect(checkRules(folder).install).toEqual(['gone@1.10.0'])
})

test('packages may lie elsewhere, and values may be given', () => {
  const folder = temporaryFolder({
    'rules/a.js': `function (user, context, callback) { require('far'); callback(null, configuration.K) }`,
    'elsewhere/node_modules/far/index.js': '',
  })
  const rules = join(folder, 'rules')
  expect(checkRules(rules).rules[0]).toMatchObject({ verdict: 'will not run', configuration: { missing: ['K'] } })
  const options = { modules: join(folder, 'elsewhere'), configuration: { K: 'v' } }
  expect(checkRules(rules, options)).toMatchObject({ verdict: 'runs', missingConfiguration: [] })
})

test('an action is told of the secrets that it lacks, its own and those given, and of nothing in configuration', () => {
  const folder = temporaryFolder({
    'a.js': `exports.onExecutePostLogin = async (event, api) => {
      const configuration = { own: event.secrets.OWN };
      api.idToken.setCustomClaim('https://example.com/a', [configuration.own, event.secrets.GIVEN, event.secrets.NONE]); };`,
    'a.json': { secrets: [{ name: 'OWN', value: 'v' }, { name: 'GIVEN' }] },
    'configuration.json': { NONE: 'of no use to actions' },
  })
  const found = checkRules(folder, { secrets: { GIVEN: 'v' } })
  expect(found).toMatchObject({ verdict: 'runs with warnings', missingConfiguration: [] })
  expect(found.rules[0]).toMatchObject({
    dialect: 'action',
    configuration: { needed: ['OWN', 'GIVEN', 'NONE'], missing: ['NONE'] },
    findings: [{ message: 'event.secrets.NONE has no value', cure: 'add "NONE" to the secrets of its JSON file' }],
  })
})

test('the report names the packages because of which a context is used once', () => {
  const plain = checkRules(
    temporaryFolder({
      'a.js': `function (user, context, callback) { callback(null, require('lodash').clone(user), context) }`,
    }),
  )
  expect([plain.realm, plain.isolatedModules]).toEqual(['hardened', []])
  const own = checkRules(
    temporaryFolder({
      'a.js': `function (user, context, callback) { callback(null, _.clone(require('clones').clone(user)), context) }`,
      'node_modules/clones/index.js': `exports.clone = (value) => value`,
      'node_modules/lodash/index.js': `exports.clone = (value) => value`,
    }),
  )
  expect([own.realm, own.isolatedModules]).toEqual(['fresh', ['_', 'clones']])
})
