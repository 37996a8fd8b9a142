import { expect, test } from 'vitest'
import { readFolder } from '../../../src/rules/folder/read-folder.ts'
import { readDeployment } from '../../../src/rules/deploy/read-deployment.ts'
import { toRulesFolder } from '../../../src/rules/deploy/to-rules-folder.ts'
import type { DeployedRule, Tenant } from '../../../src/rules/deploy/tenant.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { directory, expected, mappings, older, yaml } from './deployments.ts'

const script = 'function (user, context, callback) { callback(null, user, context) }'

function written(tenant: Partial<Tenant>): Record<string, string> {
  const none = { rules: [], actions: [], configuration: {}, unresolvedKeywords: [], omissions: [] }
  return Object.fromEntries(toRulesFolder({ ...none, ...tenant }).map(({ path, text }) => [path, text]))
}

function rulesOf(...rules: Array<Partial<DeployedRule>>): Record<string, string> {
  return written({ rules: rules.map((rule) => ({ name: 'a', script, ...rule })) })
}

test.each([
  ['a folder of JSON files', directory],
  ['the older folder', older],
  ['a tenant.yaml', yaml],
])('what was imported from %s is read as the same rules, and deployed again as the same', (_layout, files) => {
  const { actions: _left, ...tenant } = readDeployment(temporaryFolder(files), mappings)
  const content = written({ ...tenant, actions: [] })
  const read = readFolder(temporaryFolder(content), 100_000)
  const facts = expected.rules.map(({ name, script: text, order, enabled }) => ({ name, script: text, order, enabled }))
  expect(read.rules).toMatchObject(facts)
  expect(read.configuration).toEqual(expected.configuration)
  const again = Object.fromEntries(
    Object.entries(content)
      .filter(([path]) => path !== 'configuration.json')
      .map(([path, text]) => [`rules/${path}`, text]),
  )
  expect(readDeployment(temporaryFolder(again)).rules).toEqual(expected.rules)
})

test('an action keeps its order and the names of its secrets, and no value that was never shown', () => {
  const { actions } = readDeployment(temporaryFolder(directory), mappings)
  const files = written({ actions })
  expect(JSON.parse(files['second.json'] ?? '')).toEqual({
    name: 'second',
    order: 1,
    enabled: true,
    secrets: [{ name: 'TOKEN' }],
  })
  expect(files['second.js']).toContain('onExecutePostLogin')
})

test('files that may hold secrets are marked', () => {
  const tenant = readDeployment(temporaryFolder(directory), mappings)
  const secret = toRulesFolder(tenant).filter((file) => file.isSecret)
  expect(secret.map(({ path }) => path)).toEqual(['second.json', 'first.json', 'idle.json', 'configuration.json'])
})

test('file names are safe, told apart also where capitals do not count, and say nothing of their own', () => {
  const names = ['../../etc', 'a/b', 'A-b', 'configuration', 'x.test', '…']
  const files = Object.keys(rulesOf(...names.map((name) => ({ name, order: 1 }))))
  expect(files.filter((file) => file.endsWith('.js'))).toEqual([
    'etc.js',
    'a-b.js',
    'A-b-2.js',
    'rule-configuration.js',
    'x-test.js',
    'rule-.js',
  ])
})

test('a number that a name begins with does not become its order', () => {
  expect(Object.keys(rulesOf({ name: '2 factors' }, { name: '3 hats', order: 7 }))).toEqual([
    'rule-2 factors.js',
    'rule-2 factors.json',
    '3 hats.js',
    '3 hats.json',
  ])
})
