import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import { openStore } from '../../src/store/open.ts'
import { claimsmith } from './command.ts'

const home = mkdtempSync(join(tmpdir(), 'claimsmith-cli-explain-'))
const store = `sqlite:${join(home, 'users.db')}`
const rules = join(home, 'rules')
const script = `function (user, context, callback) {
  context.idToken.greeting = 'hello ' + user.given_name;
  auth0.users.updateAppMetadata(user.user_id, { seen: true }).then(() => callback(null, user, context), callback) }`
let recording = ''
let adaId = ''

beforeAll(async () => {
  mkdirSync(rules)
  writeFileSync(join(rules, 'greet.js'), script)
  const opened = await openStore(store)
  const connection = 'Username-Password-Authentication'
  const ada = await opened.users.create({ connection, email: 'ada@example.com', given_name: 'Augusta' })
  adaId = ada.user_id ?? ''
  await opened.close()
  const engine = createEngine({
    rules: [{ name: 'greet', script }],
    limits: { workers: 1 },
    users: { updateAppMetadata: async () => undefined },
    record: recordInto(join(home, 'recordings')),
  })
  const roles = ['admin']
  const user = { user_id: 'auth0|1', given_name: 'Augusta', roles, app_metadata: { roles } }
  await engine.run({ user, context: { idToken: {} } })
  await engine.close()
  const [name = ''] = readdirSync(join(home, 'recordings'))
  recording = join(home, 'recordings', name)
})
afterAll(() => rmSync(home, { recursive: true }))

const greeting = {
  name: 'greeting',
  value: 'hello Augusta',
  history: [{ rule: 'greet', did: 'set', after: 'hello Augusta', from: ['user.given_name'], requests: [] }],
}

test('explain says of a recording which rule set a claim, and from what', async () => {
  const { exitCode, stdout } = await claimsmith('explain', recording)
  expect(stdout).toContain('  given_name = "Augusta"\n      from the store: given_name\n')
  expect(stdout).toContain(
    '  greeting = "hello Augusta"\n      set by greet to "hello Augusta", as in user.given_name\n',
  )
  // One list in two places, as it came.
  expect(stdout).toContain('  app_metadata.roles = ["admin"]\n')
  expect(exitCode).toBe(0)
  const json = await claimsmith('explain', recording, '--json')
  expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'allow', idToken: [greeting] })
})

test('explain --user runs the rules over a user of the store, by id or address, and saves nothing', async () => {
  for (const user of [adaId, 'ADA@example.com']) {
    const { stdout, stderr } = await claimsmith('explain', '--user', user, '--store', store, '--rules', rules, '--json')
    expect([stderr, JSON.parse(stdout)]).toMatchObject(['', { outcome: 'allow', idToken: [greeting] }])
  }
  const opened = await openStore(store)
  expect((await opened.users.get(adaId))?.app_metadata ?? {}).toEqual({})
  await opened.close()
})

test('explain names the rule that denied the login', async () => {
  const denying = join(home, 'denying')
  mkdirSync(denying)
  writeFileSync(join(denying, '10-pass.js'), 'function (user, context, callback) { callback(null, user, context) }')
  const denial = `function (user, context, callback) { callback(new UnauthorizedError('Only employees may log in.')) }`
  writeFileSync(join(denying, '20-employees.js'), denial)
  const args = ['explain', '--user', adaId, '--store', store, '--rules', denying]
  expect((await claimsmith(...args)).stdout).toMatch(/^deny by 20-employees {2}Only employees may log in\.\n/)
  expect(JSON.parse((await claimsmith(...args, '--json')).stdout)).toMatchObject({ rule: '20-employees' })
})

test.each([
  [['explain', '--user', 'nobody', '--store', store], /the store has no user with this id or address/],
  [['explain', join(rules, 'greet.js')], /not a recording: .*greet\.js: the file is not valid JSON/],
])('%j says what is wrong', async (args, message) => {
  const { exitCode, stderr } = await claimsmith(...args)
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)])
})
