import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, expect, test } from 'vitest'
import { outcomeSchema } from '../../src/engine/outcome/outcome-schema.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-run-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const greet = file(
  'greet.js',
  `function (user, context, callback) { user.greeting = 'hello ' + user.name; console.log('hi'); callback(null, user, context); }`,
)

test('shows what each rule changed and logged, and how the login ended', async () => {
  const { exitCode, stdout } = await claimsmith('run', greet)
  expect(exitCode).toBe(0)
  expect(stdout).toContain('✓ greet')
  expect(stdout).toContain('+ user.greeting  "hello Ada Lovelace"')
  expect(stdout).toContain('log: hi')
  expect(stdout).toMatch(/allow {2}.*1 rule,/)
})

test('with --json prints one document that the shipped schema describes', async () => {
  const { exitCode, stdout } = await claimsmith('run', 'rules-examples', '--json')
  const outcome = JSON.parse(stdout) as { rules: object[] }
  const validate = new Ajv().compile(JSON.parse(readFileSync('schemas/outcome.json', 'utf8')) as object)
  validate(outcome)
  expect(validate.errors).toBeNull()
  expect([exitCode, outcome.rules.length]).toEqual([0, 8])
})

test('the shipped schema is the one in the source', () => {
  expect(JSON.parse(readFileSync('schemas/outcome.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(outcomeSchema)))
})

test('takes user, context and configuration from files', async () => {
  const rule = file(
    'who.js',
    `(user, context, callback) => { user.who = [user.email, context.protocol, context.clientID, configuration.K]; callback(null, user, context) }`,
  )
  const args = [
    '--user',
    file('u.json', '{"email":"bob@example.com"}'),
    '--context',
    file('c.json', '{"protocol":"samlp"}'),
  ]
  const { stdout } = await claimsmith('run', rule, ...args, '--configuration', file('k.json', '{"K":"v"}'), '--json')
  expect(JSON.parse(stdout)).toMatchObject({ user: { who: ['bob@example.com', 'samlp', 'demo-app', 'v'] } })
})

test('a refused login is an outcome, so the exit code is 0', async () => {
  const rule = file('deny.js', `function (user, context, callback) { callback(new UnauthorizedError('no entry')); }`)
  const { exitCode, stdout } = await claimsmith('run', rule)
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/deny {2}no entry/)])
})

test('a rule that fails gives exit code 1, its code and its place', async () => {
  const rule = file('broken.js', `function (user, context, callback) {\n  user.a.b.c = 1;\n}`)
  const { exitCode, stdout } = await claimsmith('run', rule)
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/RULE_THREW .*broken\.js:2:10/)
})

test('a rule cannot send control characters to the terminal', async () => {
  const rule = file(
    'repaint.js',
    `function (user, context, callback) {
      console.log('\\x1b[2Jlog');
      user['key\\x1b'] = 'value\\x9b';
      context.idToken['claim\\x1b'] = true;
      callback(new UnauthorizedError('\\x1b]0;reason\\x07'));
    }`,
  )
  const { exitCode, stdout } = await claimsmith('run', rule)
  expect(exitCode).toBe(0)
  expect(stdout).toContain(String.raw`log: \u001b[2Jlog`)
  expect(stdout).toContain(String.raw`deny  \u001b]0;reason\u0007`)
  expect(stdout).not.toMatch(/[\p{Cc}--\n]/v)
})

test('a syntax error gives exit code 2, with file, line and column', async () => {
  const rule = file('syntax.js', `function (user, context, callback) {\n  if (\n}`)
  const { exitCode, stderr } = await claimsmith('run', rule)
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/syntax\.js:3:1/)
})

test('--modules is where rules find packages that do not lie beside them', async () => {
  const rules = temporaryFolder({
    'rules/a.js': `function (user, context, callback) { user.greeting = require('greets').greeting; callback(null, user, context) }`,
    'elsewhere/node_modules/greets/package.json': { name: 'greets', version: '1.0.0' },
    'elsewhere/node_modules/greets/index.js': `exports.greeting = 'good morning'`,
  })
  const args = ['run', `${rules}/rules`, '--modules', `${rules}/elsewhere`, '--json']
  const { exitCode, stdout } = await claimsmith(...args)
  expect([exitCode, (JSON.parse(stdout) as { user: object }).user]).toMatchObject([0, { greeting: 'good morning' }])
})

test('--secrets gives actions what they find in event.secrets', async () => {
  const rules = temporaryFolder({
    'actions/a.js': `exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('https://example.com/a', event.secrets.A) }`,
    'secrets.json': { A: 'from the file' },
  })
  const { exitCode, stdout } = await claimsmith(
    'run',
    `${rules}/actions/a.js`,
    '--secrets',
    `${rules}/secrets.json`,
    '--json',
  )
  expect([exitCode, (JSON.parse(stdout) as { claims: object }).claims]).toMatchObject([
    0,
    { idToken: { 'https://example.com/a': 'from the file' } },
  ])
})
