import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'

const engine = createEngine({
  rules: [
    {
      name: 'rule',
      script: `function (user, context, callback) {
        var ns = configuration.NAMESPACE || 'https://other.example/';
        context.idToken['https://example.com/plan'] = 1;
        context.idToken[ns + 'roles'] = context.idToken[\`\${configuration.NAMESPACE}roles\`];
        context.accessToken.tier = context.idToken.read;
        Object.keys(user).forEach(function (key) { context.idToken[key] = 1; });
        callback(null, user, context);
      }`,
    },
    {
      name: 'action',
      script: `exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('https://example.com/seen', true) }`,
    },
  ],
  configuration: { NAMESPACE: 'https://example.com/' },
  limits: { workers: 1 },
})
afterAll(() => engine.close())

test('an engine tells which claims its rules and actions set, with what the configuration says, and guesses none', () => {
  expect(engine.listClaimNames()).toEqual({
    idToken: ['https://example.com/plan', 'https://example.com/roles', 'https://example.com/seen'],
    accessToken: ['tier'],
  })
})
