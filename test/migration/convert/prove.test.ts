import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createSampleLogins } from '../../../src/cli/flags/create-sample-logins.ts'
import { convertRule } from '../../../src/migration/convert/convert-rule.ts'
import { prove } from '../../../src/migration/convert/prove.ts'
import { readFolder } from '../../../src/rules/folder/read-folder.ts'

const logins = [
  { user: { user_id: 'a|1', email: 'a@example.com' }, context: { idToken: {} } },
  { user: { user_id: 'a|2', email: 'b@evil.example' }, context: { idToken: {} } },
]
const options = { logins, configuration: { KEY: 'v' } }
const rule = (body: string): string => `function (user, context, callback) { ${body} }`
const pass = 'callback(null, user, context);'

test('two scripts that show the same are the same: what is put on the user counts as a claim', async () => {
  const proof = await prove(
    rule(`user.tier = configuration.KEY; ${pass}`),
    rule(`context.idToken.tier = 'v'; ${pass}`),
    options,
  )
  expect(proof).toEqual({ logins: 2, returns: 0, failures: 0, differences: [] })
})

test('a rule with types runs beside its action, which has none', async () => {
  const file = { name: 'tier', file: 'tier.ts', script: rule(`user.tier = 'gold' as string; ${pass}`) }
  const { script = '' } = convertRule(file)
  const { failures, differences } = await prove(file.script, script, {
    ...options,
    filename: file.file,
  })
  expect({ failures, differences }).toEqual({ failures: 0, differences: [] })
})

test('each login that ends otherwise is told, with what both come to', async () => {
  const deny = rule(`if (/evil/.test(user.email)) return callback(new UnauthorizedError('no')); ${pass}`)
  const { differences } = await prove(deny, rule(pass), options)
  expect(differences).toMatchObject([
    { login: 1, rule: { outcome: 'deny', reason: 'no' }, action: { outcome: 'allow' } },
  ])
})

test.each([
  [
    'a second factor',
    `context.multifactor = { provider: 'duo', host: 'h' };`,
    `context.multifactor = { provider: 'duo' };`,
  ],
  ['what is saved', `auth0.users.updateAppMetadata(user.user_id, { a: 1 });`, ''],
  ['a SAML response', `context.samlConfiguration = { audience: 'urn:a' };`, ''],
  ['who is called', `fetch('https://mail.example/');`, ''],
])('%s counts', async (_, one, other) => {
  const { differences } = await prove(rule(`${one} ${pass}`), rule(`${other} ${pass}`), options)
  expect(differences.map(({ login }) => login)).toEqual([0, 1])
})

test('a second factor is remembered where a rule says nothing, and an attribute is what a rule maps it from', async () => {
  const before = rule(`
    context.multifactor = { provider: 'any' };
    context.samlConfiguration = { mappings: { 'urn:mail': 'email', 'urn:none': 'user_metadata.none' } }; ${pass}`)
  const after = `exports.onExecutePostLogin = async (event, api) => {
    api.multifactor.enable('any', { allowRememberBrowser: true });
    api.samlResponse.setAttribute('urn:mail', event.user.email);
  }`
  expect((await prove(before, after, options)).differences).toEqual([])
})

test('time stands still and chance repeats itself, and what is not configured is made up', async () => {
  const tells = `user.told = [Date.now(), Math.random(), crypto.randomBytes(8).toString('hex'), new URL(configuration.ELSEWHERE).href];`
  expect(await prove(rule(`${tells} ${pass}`), rule(`${tells} ${pass}`), options)).toEqual({
    logins: 2,
    returns: 0,
    failures: 0,
    differences: [],
  })
})

const terms = `function (user, context, callback) {
  if (context.protocol !== 'redirect-callback') {
    context.redirect = { url: 'https://example.com/terms' };
    return callback(null, user, context);
  }
  const { accepted } = context.request.query;
  if (accepted !== 'on') return callback(new UnauthorizedError('You must accept.'));
  context.idToken.at = Date.now();
  callback(null, user, context);
}`

test('who is redirected comes back: with nothing, with what the rule looks for, and with something else', async () => {
  const { script = '' } = convertRule({ name: 'terms', file: 'terms.js', script: terms })
  expect(await prove(terms, script, options)).toEqual({ logins: 2, returns: 8, failures: 0, differences: [] })
})

test('each return that ends otherwise is told, with what the user came back with, and why it failed', async () => {
  const halfway = `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('https://example.com/terms')`
  const { differences } = await prove(terms, halfway, { ...options, logins: logins.slice(0, 1) })
  const action = { outcome: 'error', error: 'the action exports no function onContinuePostLogin' }
  expect(differences).toMatchObject([
    { login: 0, returnQuery: {}, rule: { outcome: 'deny', reason: 'You must accept.' }, action },
    { login: 0, returnQuery: { accepted: 'on' }, rule: { outcome: 'allow' }, action },
    { login: 0, returnQuery: { accepted: 'no' }, rule: { outcome: 'deny' }, action },
    { login: 0, returnQuery: { accepted: 'yes' }, rule: { outcome: 'deny' }, action },
  ])
})

test('who comes back has the metadata that was saved before', async () => {
  const asks = `function (user, context, callback) {
    if (user.app_metadata && user.app_metadata.asked) context.idToken.asked = true;
    else context.redirect = { url: 'https://example.com/ask' };
    auth0.users.updateAppMetadata(user.user_id, { asked: true }).then(() => callback(null, user, context)).catch(callback);
  }`
  const { script = '' } = convertRule({ name: 'asks', file: 'asks.js', script: asks })
  expect(await prove(asks, script, options)).toEqual({ logins: 2, returns: 2, failures: 0, differences: [] })
})

test('where both fail nothing is proved', async () => {
  const broken = rule('nowhere.x = 1;')
  expect(await prove(broken, broken, options)).toEqual({ logins: 2, returns: 0, failures: 2, differences: [] })
})

test('nobody outside is called: every request is answered with an empty object', async () => {
  let asked = 0
  const server = createServer((_, response) => response.end(String((asked += 1)))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const calls = rule(`fetch('http://127.0.0.1:${port}/mail', { method: 'POST' }).then((answer) => answer.json())
    .then((body) => { user.answer = JSON.stringify(body); ${pass} }, callback)`)
  const constant = rule(
    `fetch('http://127.0.0.1:${port}/mail', { method: 'POST' }).then(() => { user.answer = '{}'; ${pass} }, callback)`,
  )
  expect(await prove(calls, constant, options)).toEqual({ logins: 2, returns: 0, failures: 0, differences: [] })
  expect(asked).toBe(0)
  server.close()
})

const examples = readFolder('rules-examples', 100_000)

test.each(examples.rules)('$name, converted, gives what the rule gives', async (example) => {
  const { script = '' } = convertRule(example)
  const { differences, failures } = await prove(example.script, script, {
    logins: createSampleLogins(),
    configuration: examples.configuration,
  })
  expect({ differences, failures }).toEqual({ differences: [], failures: 0 })
})
