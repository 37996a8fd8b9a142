import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StoredRule } from '../../src/profile/rule/stored-rule.ts'
import { openStore } from '../../src/store/open.ts'
import { directory, expected, mappings } from '../rules/deploy/deployments.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { type Finished, claimsmith } from './command.ts'

const pass = 'function (user, context, callback) { callback(null, user, context); }'

/** A folder to import, and what is in the store after an import of it. */
function setUp(deployment: Readonly<Record<string, unknown>>): {
  importOnce: (to: string) => Promise<Finished>
  stored: () => Promise<object>
} {
  const files = Object.entries(deployment).map(([path, content]) => [`from/${path}`, content] as const)
  const folder = temporaryFolder({ ...Object.fromEntries(files), 'mappings.json': mappings })
  const url = `sqlite:${join(folder, 'rules.db')}`
  return {
    importOnce(to) {
      const flags = ['--to', join(folder, to), '--mappings', join(folder, 'mappings.json'), '--store', url]
      return claimsmith('import', join(folder, 'from'), ...flags)
    },
    async stored() {
      const store = await openStore(url)
      const { rules } = await store.rules.list({ page: 0, perPage: 50 })
      const { configuration } = await store.rules.getCurrent()
      await store.close()
      return { rules: rules.map(withoutId), configuration }
    },
  }
}

function withoutId(rule: StoredRule): Omit<StoredRule, 'id'> {
  const { id: _, ...rest } = rule
  return rest
}

test('rules and configuration go into a store as they were deployed, and actions that stay behind are named', async () => {
  const { importOnce, stored } = setUp(directory)
  const { stdout } = await importOnce('to')
  expect(await stored()).toEqual({ rules: expected.rules, configuration: expected.configuration })
  expect(stdout).toContain('rules and configuration also in the store')
  expect(stdout).toContain('! The action "first" is in the folder only: a store keeps rules')
})

test('a store that has rules is left as it is: exit code 2, and a sentence', async () => {
  const { importOnce, stored } = setUp({ 'rules/a.js': pass })
  expect(await importOnce('once')).toMatchObject({ exitCode: 0, stderr: '' })
  const before = await stored()
  const { exitCode, stderr } = await importOnce('twice')
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('nothing is overwritten; give another store')])
  expect(await stored()).toEqual(before)
})

const rule = (order: number): object => ({ order, enabled: true, stage: 'login_success' })
test.each([
  ['a keyword that has no value', { 'rules/b.js': pass.replace('user', '@@WHO@@') }, /a keyword has no value yet/],
  ['a script that is no rule', { 'rules/b.js': 'function (' }, /b\.js:\d+:\d+: Unexpected token/],
  ['a name that Auth0 would refuse', { 'rules/b_2.js': pass }, /the rule "b_2" is not valid at \/name/],
  [
    'two rules of one order',
    { 'rules/a.json': rule(1), 'rules/b.js': pass, 'rules/b.json': rule(1) },
    /same order already exists/,
  ],
])('%s keeps all out of the store, and is said: exit code 1', async (_what, more, sentence) => {
  const { importOnce, stored } = setUp({
    'rules/a.js': pass,
    'rules-configs/KEY.json': { value: 'v' },
    ...more,
  })
  const { exitCode, stdout } = await importOnce('to')
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/! Nothing is in the store: /)])
  expect(stdout).toMatch(sentence)
  expect(await stored()).toEqual({ rules: [], configuration: {} })
})
