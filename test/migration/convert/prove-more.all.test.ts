import { expect, test } from 'vitest'
import { createSampleLogins } from '../../../src/cli/flags/create-sample-logins.ts'
import { convertRule } from '../../../src/migration/convert/convert-rule.ts'
import { prove } from '../../../src/migration/convert/prove.ts'
import { readFolder } from '../../../src/rules/folder/read-folder.ts'
import { rule } from '../../engine/use-engine.ts'
import { logins, options, pass, terms } from './prove-logins.ts'

test.each([
  ['what is saved', `auth0.users.updateAppMetadata(user.user_id, { a: 1 });`, ''],
  ['a SAML response', `context.samlConfiguration = { audience: 'urn:a' };`, ''],
  ['who is called', `fetch('https://mail.example/');`, ''],
])('%s counts', async (_, one, other) => {
  const { differences } = await prove(rule(`${one} ${pass}`), rule(`${other} ${pass}`), options)
  expect(differences.map(({ login }) => login)).toEqual([0, 1])
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

test('who comes back has the metadata that was saved before', async () => {
  const asks = `function (user, context, callback) {
    if (user.app_metadata && user.app_metadata.asked) context.idToken.asked = true;
    else context.redirect = { url: 'https://example.com/ask' };
    auth0.users.updateAppMetadata(user.user_id, { asked: true }).then(() => callback(null, user, context)).catch(callback);
  }`
  const { script = '' } = convertRule({ name: 'asks', file: 'asks.js', script: asks })
  expect(await prove(asks, script, options)).toEqual({ logins: 2, returns: 2, failures: 0, differences: [] })
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

const examples = readFolder('rules-examples', 100_000)

test.each(examples.rules)('$name, converted, gives what the rule gives', async (example) => {
  const { script = '' } = convertRule(example)
  const { differences, failures } = await prove(example.script, script, {
    logins: createSampleLogins(),
    configuration: examples.configuration,
  })
  expect({ differences, failures }).toEqual({ differences: [], failures: 0 })
})
