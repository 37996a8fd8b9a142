import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

test(
  'writes an action for each rule, with its name and order, and names what differs',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder({
      'rules/10-tier.js': `function (user, context, callback) { user.tier = 'gold'; callback(null, user, context); }`,
      'rules/10-tier.json': { name: 'Tier', order: 3 },
    })
    const to = join(folder, 'actions')
    const { stdout } = await claimsmith('convert', join(folder, 'rules'), '--to', to)
    expect(readdirSync(to)).toEqual(['10-tier.js', '10-tier.json'])
    expect(readFileSync(join(to, '10-tier.js'), 'utf8')).toContain(
      'exports.onExecutePostLogin = async (event, api) => {',
    )
    expect(JSON.parse(readFileSync(join(to, '10-tier.json'), 'utf8'))).toEqual({ name: 'Tier', order: 3 })
    expect(stdout).toContain('line 1: user.tier becomes a claim of the ID token')
  },
)

test('both find the packages that are installed beside the rule', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder({
    'rules/tiers.js': `function (user, context, callback) { context.idToken.tier = require('tiers').first; callback(null, user, context); }`,
    'rules/node_modules/tiers/index.js': `exports.first = 'gold'`,
  })
  const { exitCode, stdout } = await claimsmith('convert', join(folder, 'rules'), '--to', join(folder, 'actions'))
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('gives the same outcome and claims on 5 logins')])
})

test(
  'a file that holds no rule is told with its place, and the others are converted',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder({
      'rules/1-broken.js': `function (user, context, callback) {\n  return callback(null, user context);\n}`,
      'rules/2-mark.js': `function (user, context, callback) { context.idToken.mark = configuration.MARK; callback(null, user, context); }`,
    })
    const to = join(folder, 'actions')
    const { exitCode, stdout, stderr } = await claimsmith('convert', join(folder, 'rules'), '--to', to)
    expect([exitCode, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^✗ 1-broken {2}\S*1-broken\.js:2:30: Unexpected token\.$/m)
    expect(stdout).toContain('✓ 2-mark')
    expect(readdirSync(to)).toEqual(['2-mark.js', '2-mark.json'])
  },
)
