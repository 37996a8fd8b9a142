import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

const file = (name: string, text: string): string => join(temporaryFolder({ [name]: text }), name)

test('says why no rule ran: which are disabled, and which are not for logins', async () => {
  const pass = 'function (user, context, callback) { callback(null, user, context) }'
  const m2m = 'exports.onExecuteCredentialsExchange = async (event, api) => {}'
  const rules = temporaryFolder({
    'mixed/a.js': pass,
    'mixed/a.json': { enabled: false },
    'mixed/b.js': pass,
    'mixed/b.json': { enabled: false },
    'mixed/m2m.js': m2m,
    'm2m.js': m2m,
    'enabled/a.js': pass,
    'enabled/m2m.js': m2m,
  })
  const exchange = '  Actions of credentials-exchange run without a user: engine.exchangeCredentials\n'
  const run = await claimsmith('run', `${rules}/mixed`)
  expect(run.stdout).toMatch(/^allow {2}0 rules, /)
  expect(run.stderr).toBe(`No rule runs in a login:\n  disabled: a, b\n  not for logins: m2m\n${exchange}`)
  const { stdout, stderr } = await claimsmith('run', `${rules}/m2m.js`, '--json')
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'allow', rules: [] })
  expect(stderr).toBe(`No rule runs in a login:\n  not for logins: m2m\n${exchange}`)
  expect((await claimsmith('run', `${rules}/enabled`)).stderr).toBe('')
})

test('shows a value that a rule replaced or removed beside what it was', async () => {
  const rule = file(
    'rename.js',
    `function (user, context, callback) { user.name = 'Countess'; delete user.nickname; callback(null, user, context) }`,
  )
  const { stdout } = await claimsmith('run', rule)
  expect(stdout).toContain('~ user.name  "Ada Lovelace" → "Countess"')
  expect(stdout).toContain('- user.nickname  "ada"')
})

test('the place of a change is written as code; the JSON has a JSON Pointer', async () => {
  const rule = file(
    'claim.js',
    `function (user, context, callback) { context.idToken['https://example.com/a~b'] = 1; callback(null, user, context) }`,
  )
  expect((await claimsmith('run', rule)).stdout).toContain('+ context.idToken["https://example.com/a~b"]  1\n')
  const { rules } = JSON.parse((await claimsmith('run', rule, '--json')).stdout) as { rules: object[] }
  expect(rules).toMatchObject([{ changes: [{ op: 'add', path: '/context/idToken/https:~1~1example.com~1a~0b' }] }])
})

test('shows what rules would save of the user', async () => {
  const script = `function (user, context, callback) {
    auth0.users.updateAppMetadata(user.user_id, { plan: 'pro' }).then(() => callback(null, user, context), callback)
  }`
  const { stdout } = await claimsmith('run', file('saves.js', script))
  expect(stdout).toMatch(/to save {2}app_metadata of auth0\|\w+ {2}\{"plan":"pro"\}/)
})

test('a JSON file may begin with a byte order mark', async () => {
  const pass = file('pass.js', 'function (user, context, callback) { callback(null, user, context) }')
  const { exitCode } = await claimsmith('run', pass, '--user', file('bom.json', '\uFEFF{"name":"Ada"}'))
  expect(exitCode).toBe(0)
})
