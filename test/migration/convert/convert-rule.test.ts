import { describe, expect, test } from 'vitest'
import { type Conversion, convertRule } from '../../../src/migration/convert/convert-rule.ts'
import { useEngine } from '../../engine/use-engine.ts'

function convert(script: string): Conversion {
  return convertRule({ name: 'a', file: 'a.js', script })
}

/** The action's body, line by line, its first line aside; the differences are looked at on their own. */
function bodyOf(statements: string): string[] {
  const { script = '' } = convert(`function (user, context, callback) {\n${statements}\n}`)
  const [, body = ''] = /const user = event\.user;\n([\s\S]*)\n\};\n$/.exec(script) ?? []
  return body.split('\n').map((line) => line.trim())
}

function differencesOf(statements: string): string[] {
  const { differences } = convert(`function (user, context, callback) {\n${statements}\n}`)
  return differences.map(({ line, message }) => `${line}: ${message}`)
}

test('a rule becomes an action, and what stands before it stays', () => {
  const { script, differences, dependencies } = convert(`// Marks everyone.
function mark(user, context, callback) {
  // A claim.
  context.idToken['https://example.com/mark'] = user.email;
  callback(null, user, context);
}`)
  expect(script).toBe(`// Marks everyone.

exports.onExecutePostLogin = async (event, api) => {
  const user = event.user;
  // A claim.
  api.idToken.setCustomClaim('https://example.com/mark', user.email);
  return;
};
`)
  expect([differences, dependencies]).toEqual([[], []])
})

describe('a rule that is', () => {
  const { run } = useEngine()

  test.each([
    ['exported', (rule: string) => `module.exports = ${rule};`],
    ['exported in two ways', (rule: string) => `exports = module.exports = (${rule});`],
    ['put into parentheses', (rule: string) => `(${rule})`],
  ])('%s becomes an action that runs', async (_how, written) => {
    const rule = `async function mark(user, context, callback) {
      context.idToken.mark = user.name;
      callback(null, user, context);
    }`
    const { script = '' } = convert(`// Marks everyone.\n${written(`/* Us, too. */ ${rule}`)}`)
    expect(script.replaceAll(/\s+/g, ' ')).toMatch(
      /^\/\/ Marks everyone\. \/\* Us, too\. \*\/ exports\.onExecutePostLogin = async/,
    )
    const { outcome, claims } = await run(script, { context: { idToken: {} } })
    expect([outcome, claims.idToken]).toEqual(['allow', { mark: 'Ada' }])
  })
})

describe('what has a counterpart is rewritten', () => {
  test.each([
    ['context.idToken.a = 1;', `api.idToken.setCustomClaim('a', 1);`],
    ['context.accessToken[ns + "a"] = user.x;', `api.accessToken.setCustomClaim(ns + "a", user.x);`],
    [`context.idToken = { a: 1, 'b': 2 };`, `api.idToken.setCustomClaim('a', 1), api.idToken.setCustomClaim('b', 2);`],
    ['context.idToken = context.idToken || {};', 'undefined;'],
    ['context.redirect = { url: base + "/x" };', 'api.redirect.sendUserTo(base + "/x");'],
    [
      `context.multifactor = { provider: 'any', allowRememberBrowser: false };`,
      `api.multifactor.enable('any', { allowRememberBrowser: false });`,
    ],
    [`context.multifactor = { provider: 'any' };`, `api.multifactor.enable('any', { allowRememberBrowser: true });`],
    [
      `context.multifactor = { provider: 'duo', ikey: configuration.IKEY, host: 'h' };`,
      `api.multifactor.enable('duo', { allowRememberBrowser: true, providerOptions: { ikey: event.secrets.IKEY, host: 'h' } });`,
    ],
    ['context.samlConfiguration = context.samlConfiguration || {};', 'undefined;'],
    ['context.samlConfiguration.audience = aud;', 'api.samlResponse.setAudience(aud);'],
    [
      `context.samlConfiguration.mappings = { 'urn:mail': 'email', 'urn:food': 'user_metadata.food' };`,
      `api.samlResponse.setAttribute('urn:mail', user.email), api.samlResponse.setAttribute('urn:food', user.user_metadata?.food);`,
    ],
    ['use(context.riskAssessment);', 'use(event.authentication?.riskAssessment);'],
    ['use(context.riskAssessment.confidence);', 'use((event.authentication?.riskAssessment).confidence);'],
    ['use(context.organization?.name);', 'use(event.organization?.name);'],
    ['use(configuration.KEY, configuration["b"]);', 'use(event.secrets.KEY, event.secrets["b"]);'],
    ['const { KEY } = configuration;', 'const { KEY } = event.secrets;'],
    ['use(context.clientID.length);', 'use(event.client.client_id.length);'],
    ['use(context.request.geoip.country_code);', 'use(event.request.geoip.countryCode);'],
    ['use(context.clientMetadata["a-b"]);', 'use(event.client.metadata["a-b"]);'],
    ['if (context.stats.loginsCount > 1) use();', 'if (event.stats.logins_count > 1) use();'],
    ['if (context.request && !context.stats) use();', 'if (event.request && !event.stats) use();'],
    ['context.idToken.n = context.clientName;', `api.idToken.setCustomClaim('n', event.client.name);`],
    [`return callback(new UnauthorizedError('no'));`, `return api.access.deny('no');`],
    [`throw new UnauthorizedError('no');`, `return api.access.deny('no');`],
    ['return callback("no");', 'return api.access.deny("no");'],
    ['return callback(null, user, context);', 'return;'],
  ])('%s', (statement, expected) => {
    expect(bodyOf(statement)[0]).toBe(expected)
    expect(differencesOf(statement)).toEqual([])
  })
})

test('metadata is written by keys, and who waits for it waits', () => {
  const { script } = convert(`function (user, context, callback) {
    auth0.users.updateAppMetadata(user.user_id, { a: 1 }).then(() => callback(null, user, context)).catch(callback);
  }`)
  expect(script).toContain('if (value !== undefined) api.user.setAppMetadata(key, value);')
  expect(script).toContain('updateAppMetadata({ a: 1 }).then(() => callback()).catch(callback);')
  expect(script).toContain('const refusal = await new Promise((callback) => {')
  expect(script).toContain('if (refusal) api.access.deny(refusal.message ?? String(refusal));')
})

test('an async rule that calls back from elsewhere is awaited, and what it throws is thrown', () => {
  const { script } = convert(`async function (user, context, callback) {
    await each(function () { callback(null, user, context); });
  }`)
  expect(script).toContain('await new Promise((callback, reject) => {')
  expect(script).toContain('})().catch(reject);')
})

test('modules lose their versions, which are named, and what Auth0 had in scope is required', () => {
  const { script, dependencies } = convert(`function (user, context, callback) {
    const l = require('lodash@4.17.19');
    const p = require("other@1.0.0/path");
    user.app_metadata = user.app_metadata || {};
    jsonOf(querystring.parse('a'), l, p);
    callback(null, user, context);
  }`)
  expect(script).toContain(`const querystring = require('querystring');\n\nexports.onExecutePostLogin`)
  expect(script).toContain(`const l = require('lodash');`)
  expect(script).toContain(`const p = require('other/path');`)
  expect(dependencies).toEqual(['lodash@4.17.19', 'other@1.0.0', 'querystring'])
})

test('what it read from the configuration are the secrets of the action, by name', () => {
  const { secrets } = convert(`function (user, context, callback) {
    const { HOST } = configuration;
    if (configuration.KEY) send(HOST, configuration['KEY']);
    callback(null, user, context);
  }`)
  expect(secrets).toEqual(['HOST', 'KEY'])
})

describe('who reads the context by the names of rules', () => {
  const { run } = useEngine()
  const context = {
    clientID: 'app',
    protocol: 'samlp',
    stats: { loginsCount: 2 },
    authentication: { methods: [{ name: 'pwd', timestamp: 1_763_000_000_000 }] },
    request: { userAgent: 'u', query: { a: '1' }, body: {}, geoip: { country_code: 'DE', latitude: 50.7 } },
    idToken: {},
  }

  test.each([
    'context.request',
    'context.request.geoip',
    'context.stats',
    'context.authentication.methods[0].timestamp',
    '[context.request.geoip ? 1 : 2, context.request.geoip.country_code]',
    '(({ clientID, stats }) => [clientID, stats.loginsCount])(context)',
  ])('%s is what it was', async (expression) => {
    const rule = `function (user, context, callback) { context.idToken.seen = ${expression}; callback(null, user, context); }`
    const { script = '' } = convert(rule)
    const byRule = await run(rule, { context })
    const byAction = await run(script, { context })
    expect(byAction.outcome).toBe('allow')
    expect(byAction.claims).toEqual(byRule.claims)
    expect(byRule.claims.idToken['seen']).toBeTruthy()
  })

  test('a place that is not known is none', async () => {
    const { script = '' } = convert(`function (user, context, callback) {
      context.idToken.seen = context.request.geoip ? 'known' : 'unknown';
      callback(null, user, context);
    }`)
    expect((await run(script, { context: { request: {} } })).claims.idToken).toEqual({ seen: 'unknown' })
  })

  test('fails where it writes to it as a whole, for what it wrote would be lost', async () => {
    const { script = '' } = convert(`function (user, context, callback) {
      (function (all) { all.redirect = { url: 'https://verify.example/' }; })(context);
      callback(null, user, context);
    }`)
    const outcome = await run(script, { context })
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'RULE_THREW' } })
    expect(outcome.reason).toContain('an action cannot set context.redirect')
  })
})

describe('what has none is named, and marked in the text', () => {
  test.each([
    ['user.roles = [];', '2: user.roles becomes a claim of the ID token, and later actions do not see it'],
    ['user.app_metadata.a = 1;', '2: later actions do not see this change of the user'],
    ['delete user[key];', '2: later actions see what is deleted here'],
    ['global.cache = {};', '2: actions share no global; api.cache keeps texts'],
    [
      `context.samlConfiguration.mappings = { 'urn:a': name };`,
      '2: an action cannot set context.samlConfiguration.mappings',
    ],
    ['context.samlConfiguration.logout = { callback };', '2: an action cannot set context.samlConfiguration.logout'],
    ['context.multifactor = settings;', '2: an action cannot set context.multifactor'],
    ['context.multifactor = { ...settings };', '2: an action cannot set context.multifactor'],
    ['use(context.connectionOptions.x);', '2: actions have no context.connectionOptions.x'],
    ['use(context);', '2: context is made of the event here: some of it is missing, and nothing can be written to it'],
    ['use(auth0.accessToken);', '2: actions have no auth0.accessToken; they call the Management API themselves'],
    ['auth0.users.updateUserMetadata(other, {});', '2: an action writes the metadata of the user who logs in only'],
    [
      `if (context.protocol === 'redirect-callback') done();`,
      '2: an action without a redirect does not run again when a user comes back',
    ],
    ['callback(null, other, context);', '2: an action cannot replace the user or the context'],
    ['callback(null, user, context);\nsend();', '2: what follows a callback does not run'],
    [
      '[1].map(() => { throw new UnauthorizedError("no"); });',
      '2: an error that an action throws does not deny the login, it fails it',
    ],
  ])('%s', (statement, expected) => {
    expect(differencesOf(statement)).toContain(expected)
    expect(bodyOf(statement).join('\n')).toContain(`/* claimsmith: not the same: ${expected.slice(3)} */`)
  })

  test('once for each line', () => {
    const statements = 'global.logins = (global.logins || 0) + 1;'
    const message = 'actions share no global; api.cache keeps texts'
    expect(differencesOf(`${statements}\n${statements}`)).toEqual([`2: ${message}`, `3: ${message}`])
    expect(bodyOf(statements)[0]).toBe(`/* claimsmith: not the same: ${message} */ ${statements}`)
  })

  test.each([
    ['a rule with functions beside it', 'function b() {} function a(user, context, callback) { callback() }'],
    ['a rule that takes its parameters apart', 'function ({ email }, context, callback) { callback() }'],
  ])('%s is left as it is', (_what, script) => {
    const { differences, ...conversion } = convert(script)
    expect(conversion).not.toHaveProperty('script')
    expect(differences).toEqual([
      { line: 1, message: 'only a rule that is one function (user, context, callback) can be rewritten' },
    ])
  })
})
