import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDeployment } from '../../../src/rules/deploy/read-deployment.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { directory, expected, mappings, older, yaml } from './deployments.ts'

const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1)
const layouts = [
  ['a folder of JSON files', directory],
  ['the older folder', older],
  ['a tenant.yaml', yaml],
] as const

test.each(layouts)('%s gives the rules and the configuration that it deploys', (_layout, files) => {
  const { rules, configuration, unresolvedKeywords } = readDeployment(temporaryFolder(files), mappings)
  expect(rules.toSorted(byName)).toEqual(expected.rules)
  expect(configuration).toEqual(expected.configuration)
  expect(unresolvedKeywords).toEqual([])
})

test('a tenant.yaml may be named itself, and need not be called so', () => {
  const folder = temporaryFolder({ ...yaml, 'other.yml': yaml['tenant.yaml'], 'tenant.yaml': 'rules: [' })
  expect(readDeployment(join(folder, 'other.yml'), mappings).rules).toHaveLength(3)
})

test.each([
  ['a folder of JSON files', directory],
  ['a tenant.yaml', yaml],
])('%s gives the actions of a login, in the order of their trigger', (_layout, files) => {
  const { actions } = readDeployment(temporaryFolder(files), mappings)
  expect(actions.slice(0, 2)).toMatchObject([
    { name: 'second', order: 1, enabled: true, trigger: 'post-login' },
    { name: 'first', order: 2, dependencies: ['lodash@4.17.21'], secrets: { TOKEN: '' } },
  ])
  expect(actions[0]?.script).toContain(`'https://example.com/action'`)
})

test('an action that no trigger names is off, and one of another trigger is left out by name', () => {
  const { actions, omissions } = readDeployment(temporaryFolder(directory), mappings)
  expect(actions.find(({ name }) => name === 'idle')).toMatchObject({ enabled: false })
  expect(omissions).toEqual(['The action "phone" is for send-phone-message, which is no part of a login.'])
})

describe('keywords without a value', () => {
  test.each(layouts)('stay in %s, and are named with their place', (_layout, files) => {
    const { OFF: _off, LABELS: _labels, ...fewer } = mappings
    const { rules, unresolvedKeywords } = readDeployment(temporaryFolder(files), fewer)
    expect(rules.find(({ name }) => name === 'Off')).toMatchObject({ enabled: '@@OFF@@' })
    expect(unresolvedKeywords.map(({ marker }) => marker).toSorted()).toEqual(['@@LABELS@@', '@@OFF@@'])
    expect(unresolvedKeywords.find(({ marker }) => marker === '@@LABELS@@')).toMatchObject({
      file: expect.stringMatching(/geo\.js$/i) as string,
      line: 2,
    })
  })

  test('are not looked up in the environment', () => {
    const folder = temporaryFolder({ 'rules/a.js': 'var a = @@PATH@@' })
    expect(readDeployment(folder).unresolvedKeywords).toEqual([{ marker: '@@PATH@@', file: 'rules/a.js', line: 1 }])
  })
})

describe('a deployment is refused', () => {
  test.each([
    [
      'that is none',
      { 'README.md': 'x' },
      '',
      /There is no deployment at .* rules\/ or actions\/, or its tenant\.yaml/,
    ],
    ['without a rule', { 'rules/README.md': 'x' }, '', /has no rule and no action/],
    [
      'whose script is not there',
      { 'rules/a.json': { name: 'a', script: './b.js' } },
      '',
      /a\.json names the script "\.\/b\.js": expected a file inside/,
    ],
    [
      'whose script is outside',
      { 'x.js': '', 'in/rules/a.json': { name: 'a', script: '../../x.js' } },
      'in',
      /expected a file inside/,
    ],
    [
      'whose rules are no YAML',
      { 'tenant.yaml': 'clients: []\nrules:\n  - name: "hunter2\n' },
      '',
      /tenant\.yaml is not valid YAML at line 4 column 1\./,
    ],
    ['whose rules are no list', { 'tenant.yaml': 'rules: { a: 1 }' }, '', /tenant\.yaml is not valid at \/rules/],
    [
      'whose JSON is none until its keywords are replaced',
      { 'rules/a.js': '', 'rules/a.json': '{ ##ALL## }' },
      '',
      /rules\/a\.json is not valid JSON at line 1 column 3; it holds ##ALL##: give values with --mappings\./,
    ],
    [
      'with an order that is none',
      { 'rules/a.js': '', 'rules/a.json': { order: 'first' } },
      '',
      /a\.json is not valid at \/order/,
    ],
  ])('%s', (_what, files, path, message) => {
    expect(() => readDeployment(join(temporaryFolder(files), path))).toThrow(message)
  })
})
