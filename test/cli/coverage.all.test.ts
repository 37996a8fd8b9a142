import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { runClaimsmith } from './command.ts'

const engine = pathToFileURL(join(import.meta.dirname, '../../src/engine/engine.ts')).href
const rules = {
  'rules/greet.js': `function greet(user, context, callback) {
  if (user.name === 'Ada') user.greeting = 'hello'
  else user.greeting = 'who are you?'
  callback(null, user, context)
}
`,
  'rules/untested.js': `function untested(user, context, callback) {
  callback(null, user, context)
}
`,
}

/** A test suite of somebody's, who tests one branch of one rule; `ending` is how it ends. */
const suite = (ending: string): string => `
import { createEngine } from '${engine}'
const engine = createEngine({ rules: import.meta.dirname + '/rules/greet.js', limits: { workers: 1 } })
await engine.run({ user: { user_id: 'auth0|1', name: 'Ada' } })
${ending}`

test('shows a branch that no test runs, and fails below a threshold', async () => {
  const folder = temporaryFolder({ ...rules, 'suite.mjs': suite('process.exit()') })
  const command = ['--', process.execPath, join(folder, 'suite.mjs')]
  const to = join(folder, 'out')
  const strict = await runClaimsmith('coverage', '--to', to, '--threshold', '90', ...command)
  expect(strict.stdout).toMatch(/greet\.js +\|.*\| +3 +$/m)
  expect(strict.stdout).not.toContain('untested.js')
  expect(strict.stderr).toContain('too little of the rules ran: branches: 50 % ran, 90 % are asked for')
  expect(strict.exitCode).toBe(1)
  const lcov = readFileSync(join(to, 'lcov.info'), 'utf8')
  expect(lcov).toMatch(/^SF:.*greet\.js$/m)
  expect(lcov).toContain('DA:2,1\nDA:3,0\nDA:4,1')
  const lenient = await runClaimsmith(
    'coverage',
    '--to',
    to,
    '--reporter',
    'text-summary',
    '--threshold',
    '10',
    ...command,
  )
  expect([lenient.exitCode, lenient.stderr]).toEqual([0, ''])
})

test('counts what a suite runs on the test kit', async () => {
  const kit = pathToFileURL(join(import.meta.dirname, '../../src/testing/index.ts')).href
  const folder = temporaryFolder({
    ...rules,
    'suite.mjs': `
import { loadRule } from '${kit}'
const rule = loadRule(import.meta.dirname + '/rules/greet.js', { globals: { unused: () => 1 } })
for (const name of ['Ada', 'Ada']) await rule({ name })
await new Promise((resolve) => rule({ name: 'Grace' }, {}, resolve))
await rule({ name: 'Ada' })
process.exit()`,
  })
  const command = ['--', process.execPath, join(folder, 'suite.mjs')]
  const { exitCode } = await runClaimsmith('coverage', '--to', folder, '--threshold', '100', ...command)
  expect(readFileSync(join(folder, 'lcov.info'), 'utf8')).toContain('DA:2,4\nDA:3,1\nDA:4,4')
  expect(exitCode).toBe(0)
})

test('reports the rules it is given, also those that nothing ran', async () => {
  const folder = temporaryFolder({ ...rules, 'suite.mjs': suite('process.exit()') })
  const { stdout } = await runClaimsmith(
    'coverage',
    join(folder, 'rules'),
    '--reporter',
    'text',
    '--',
    process.execPath,
    join(folder, 'suite.mjs'),
  )
  expect(stdout).toMatch(/untested\.js +\| +0 \|/)
})

test('ends as the tests end', async () => {
  const folder = temporaryFolder({ ...rules, 'suite.mjs': suite('process.exit(7)') })
  const { exitCode } = await runClaimsmith(
    'coverage',
    '--reporter',
    'text',
    '--',
    process.execPath,
    join(folder, 'suite.mjs'),
  )
  expect(exitCode).toBe(7)
})

test('says where no rule ran at all, which meets no threshold', async () => {
  const nothing = ['--', process.execPath, '--eval', '0']
  const strict = await runClaimsmith('coverage', '--threshold', '1', ...nothing)
  expect(strict.stderr).toContain('no rule ran that came from a file')
  expect(strict.exitCode).toBe(1)
  expect((await runClaimsmith('coverage', ...nothing)).exitCode).toBe(0)
})

test.each([
  [['coverage'], 'coverage needs a command after --'],
  [['coverage', '--', 'no-such-command'], 'coverage cannot start no-such-command'],
])('refuses %j', async (args, message) => {
  const { exitCode, stderr } = await runClaimsmith(...args)
  expect(stderr).toContain(message)
  expect(exitCode).toBe(2)
})
