import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { generateTest } from '../../src/playground/page/rule/generate-test.ts'
import { usePlayground } from './fixture.ts'

const fixture = usePlayground()
const folder = mkdtempSync(join(tmpdir(), 'claimsmith-copied-'))
afterAll(() => rmSync(folder, { recursive: true }))

const user = { user_id: 'auth0|1', email: 'ada@example.com', app_metadata: { seats: 3 } }
const context = { clientID: 'demo-app', idToken: {}, accessToken: {} }
const configuration = { NAMESPACE: 'https://example.com/' }

const scripts = {
  allow: `async function (user, context, callback) {
    context.idToken[configuration.NAMESPACE + 'seats'] = user.app_metadata.seats
    context.accessToken[configuration.NAMESPACE + 'list'] = [{ a: 'line\\nbreak', b: "quote's" }]
    await auth0.users.updateAppMetadata(user.user_id, { plan: 'gold' })
    await auth0.users.updateUserMetadata(user.user_id, { seen: true })
    callback(null, user, context)
  }`,
  deny: `(user, context, callback) => callback(new UnauthorizedError('No "entry" (yet).'))`,
  redirect: `function (user, context, callback) {
    context.redirect = { url: 'https://example.com/terms?a=1' }
    callback(null, user, context)
  }`,
  challenge: `function (user, context, callback) {
    context.multifactor = { provider: 'any' }
    callback(null, user, context)
  }`,
  error: `function (user, context, callback) { user.nobody.there }`,
}

test('tests copied from the playground run on the kit, and expect what the playground showed', async () => {
  mkdirSync(join(folder, 'rules'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'claimsmith'), 'junction')
  symlinkSync(join(process.cwd(), 'node_modules', 'vitest'), join(folder, 'node_modules', 'vitest'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, script] of Object.entries(scripts)) {
    const { body } = await fixture.call('POST', '/run', { what: 'rule', name, script, user, context, configuration })
    expect(body.outcome.outcome).toBe(name)
    const file = `${name}.js`
    const tested = { name, file, script, user, context, configuration, configurationKeys: [], outcome: body.outcome }
    writeFileSync(join(folder, 'rules', file), script)
    writeFileSync(join(folder, `${name}.test.ts`), generateTest(tested))
  }
  // A rule that does something else must not pass.
  const other = { name: 'other', script: scripts.deny, user, context, configuration }
  const { body } = await fixture.call('POST', '/run', { what: 'rule', ...other })
  const copied = generateTest({ ...other, file: 'other.js', configurationKeys: [], outcome: body.outcome })
  writeFileSync(join(folder, 'rules', 'other.js'), scripts.redirect)
  writeFileSync(join(folder, 'other.test.ts'), copied)

  const report = await runTests()
  expect(Object.fromEntries(report.map(({ title, status }) => [title, status]))).toEqual({
    'allow: allow': 'passed',
    'deny: deny': 'passed',
    'redirect: redirect': 'passed',
    'challenge: challenge': 'passed',
    'error: error': 'passed',
    'other: deny': 'failed',
  })
}, 60_000)

test('what the page does not know is to be filled in: the values of the server, and the answers to requests', async () => {
  const script = `function (user, context, callback) {
    fetch('https://127.0.0.1:1/' + configuration.API_KEY).catch(() => callback(null, user, context))
  }`
  const { body } = await fixture.call('POST', '/run', { what: 'rule', name: 'asks', script, user, context })
  const about = { name: 'asks', file: 'asks.js', script, user, context, configuration: {}, outcome: body.outcome }
  const text = generateTest({ ...about, configurationKeys: ['API_KEY', 'OTHER'] })
  expect(text).toContain("// Fill in the server's value of API_KEY.")
  expect(text).toContain('"API_KEY": ""')
  expect(text).not.toContain('OTHER')
  expect(text).toContain('// Fill in the response to GET https://127.0.0.1:1/undefined.')
  expect(text).toContain('fetch: () => Response.json({}),')
})

interface Ran {
  readonly title: string
  readonly status: string
}

/** Runs the folder's tests with the real vitest, which exits with 1 where one fails. */
async function runTests(): Promise<readonly Ran[]> {
  const vitest = join(process.cwd(), 'node_modules', 'vitest', 'vitest.mjs')
  const report = join(folder, 'report.json')
  const args = [vitest, 'run', '--root', folder, '--reporter', 'json', '--outputFile', report]
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env
  await promisify(execFile)(process.execPath, args, { cwd: folder, env }).catch(() => undefined)
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { testResults: { assertionResults: Ran[] }[] }
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}
