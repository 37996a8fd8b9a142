import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { directory, mappings, older, yaml } from '../rules/deploy/deployments.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

/** A deployment without its actions, its mappings beside it, and where the import is to go. */
function setUp(deployment: Readonly<Record<string, unknown>>): { folder: string; to: string; args: string[] } {
  const files = Object.entries(deployment)
    .filter(([path]) => !/^(actions|triggers)\//.test(path))
    .map(([path, content]) => [`from/${path}`, withoutActions(content)])
  const folder = temporaryFolder({
    ...Object.fromEntries(files),
    'mappings.json': mappings,
  })
  const to = join(folder, 'to')
  return { folder, to, args: [join(folder, 'from'), '--to', to] }
}

function withoutActions(content: unknown): unknown {
  return typeof content === 'string' ? content.replace(/^actions:[\s\S]*?(?=^triggers)/m, '') : content
}

describe.each([
  ['a folder of JSON files', directory],
  ['the older folder', older],
  ['a tenant.yaml', yaml],
])('%s', (_layout, deployment) => {
  test('is imported, and runs', async () => {
    const { folder, to, args } = setUp(deployment)
    const { exitCode, stdout } = await claimsmith('import', ...args, '--mappings', join(folder, 'mappings.json'))
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('3 rules, 2 configuration values are in')])
    const engine = createEngine({ rules: to, limits: { workers: 1 } })
    onTestFinished(() => engine.close())
    const context = { request: { geoip: { country_code: 'AR' } }, idToken: {} }
    expect(await engine.run({ user: { user_id: 'auth0|1' }, context })).toMatchObject({
      outcome: 'allow',
      user: { crm: { url: 'https://crm.example/$1', key: 'k-1', again: 'https://crm.example/$1' } },
      claims: { idToken: { 'https://example.com/geo': "l'Argentine $&" } },
      rules: [{ name: 'CRM lookup' }, { name: 'Geo' }],
    })
  })
})

test('what is left to do is named, with the line to type, and the exit code says that it does not run yet', async () => {
  const { to, args } = setUp({
    'rules/a.js': `function (user, context, callback) {
      require('left-pad-2@1.0.0'); var url = @@URL@@; callback(null, configuration.MISSING); }`,
    'rules/b.js': `function (user, context, callback) { require('left-pad-2@1.0.0'); callback(null, configuration.MISSING); }`,
  })
  const { exitCode, stdout } = await claimsmith('import', ...args)
  expect(exitCode).toBe(1)
  expect(stdout).not.toContain('correct it')
  expect(stdout).toContain('! rules/a.js:2: @@URL@@ has no value: add it to a file for --mappings, and import again')
  expect(stdout).toContain('! configuration.json has no MISSING, which a rule reads')
  expect(stdout).toContain(`! npm install --prefix ${to} left-pad-2@1.0.0`)
  expect(stdout).toContain(`\n2 rules will not run; claimsmith check ${to} shows more\n`)
})

test('a rule with a syntax error has a line of its own, unless it is disabled', async () => {
  const { to, args } = setUp({
    'rules/broken.js': 'function (user, context, callback) { user.a =; }',
    'rules/broken.json': { name: 'broken', script: './broken.js', enabled: true },
    'rules/off.js': 'function (user, context, callback) { user.a =; }',
    'rules/off.json': { name: 'off', script: './off.js', enabled: false },
  })
  const { exitCode, stdout } = await claimsmith('import', ...args)
  const place = join(to, 'broken.js:1:46')
  expect(stdout).toContain(`! ${place}: Unexpected token; correct it: until then, no rule runs\n1 rule will not run; `)
  expect(stdout).not.toContain('off.js')
  expect(exitCode).toBe(1)
})

test('one rule that runs is counted in the singular', async () => {
  const { to, args } = setUp({ 'rules/a.js': 'function (user, context, callback) { callback(null, user, context) }' })
  const { exitCode, stdout } = await claimsmith('import', ...args)
  expect([exitCode, stdout]).toEqual([0, `✓ 1 rule is in ${to}\n\nall rules run; claimsmith check ${to} shows more\n`])
})

test("the mappings may be those in auth0-deploy-cli's own configuration file", async () => {
  const { folder, to, args } = setUp({ 'rules/a.js': 'function (user, context, callback) { callback(null, @@A@@) }' })
  const config = temporaryFolder({
    'config.json': { AUTH0_DOMAIN: 'x', AUTH0_KEYWORD_REPLACE_MAPPINGS: { A: { b: 1 } } },
  })
  const { exitCode } = await claimsmith('import', ...args, '--mappings', join(config, 'config.json'))
  expect([exitCode, readFileSync(join(to, 'a.js'), 'utf8')]).toEqual([
    0,
    expect.stringContaining('callback(null, {"b":1})'),
  ])
  expect(readdirSync(folder)).toContain('to')
})

test('files that hold secrets are for nobody else', async () => {
  const { folder, to, args } = setUp(older)
  await claimsmith('import', ...args, '--mappings', join(folder, 'mappings.json'))
  expect(statSync(join(to, 'configuration.json')).mode & 0o077).toBe(0)
})

test('nothing is overwritten', async () => {
  const { to, args } = setUp({ ...older, '../to/mine.js': 'mine' })
  const { exitCode, stderr } = await claimsmith('import', ...args)
  expect([exitCode, readdirSync(to)]).toEqual([2, ['mine.js']])
  expect(stderr).toMatch(/the folder is not empty, and nothing is overwritten/)
})
