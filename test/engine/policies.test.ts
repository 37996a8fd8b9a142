import { describe, expect, test } from 'vitest'
import type { LoginContext } from '../../src/profile/context/context.ts'
import type { User } from '../../src/profile/user/user.ts'
import { useEngine } from './use-engine.ts'

/** One policy, written in both dialects. */
interface Policy {
  readonly rule: string
  readonly action: string
}

const configuration = { NAMESPACE: 'https://example.com/', DOMAINS: 'example.com example.org' }
const { run } = useEngine({
  configuration,
  secrets: configuration,
  users: { updateUserMetadata: async () => undefined, updateAppMetadata: async () => undefined },
})

const policies: Readonly<Record<string, Policy>> = {
  'roles from the domain of the address': {
    rule: `function (user, context, callback) {
      var roles = user.email && user.email.endsWith('@example.com') ? ['employee'] : [];
      context.idToken[configuration.NAMESPACE + 'roles'] = roles;
      context.accessToken[configuration.NAMESPACE + 'roles'] = roles;
      callback(null, user, context);
    }`,
    action: `exports.onExecutePostLogin = async (event, api) => {
      const roles = event.user.email?.endsWith('@example.com') ? ['employee'] : [];
      api.idToken.setCustomClaim(event.secrets.NAMESPACE + 'roles', roles);
      api.accessToken.setCustomClaim(event.secrets.NAMESPACE + 'roles', roles);
    }`,
  },
  'only addresses on the list, and verified ones': {
    rule: `function (user, context, callback) {
      if (!user.email_verified) return callback(new UnauthorizedError('Verify your address first.'));
      var domain = user.email.split('@')[1];
      if (configuration.DOMAINS.split(' ').indexOf(domain) < 0) return callback(new UnauthorizedError('Not from ' + domain + '.'));
      callback(null, user, context);
    }`,
    action: `exports.onExecutePostLogin = async ({ user, secrets }, api) => {
      if (!user.email_verified) return api.access.deny('Verify your address first.');
      const domain = user.email.split('@')[1];
      if (!secrets.DOMAINS.split(' ').includes(domain)) api.access.deny('Not from ' + domain + '.');
    }`,
  },
  'a scope for members of a plan': {
    rule: `function (user, context, callback) {
      var plan = (user.app_metadata || {}).plan;
      var scopes = context.accessToken.scope.filter(function (scope) { return scope !== 'write:all'; });
      if (plan === 'pro') scopes.push('read:reports');
      context.accessToken.scope = scopes;
      callback(null, user, context);
    }`,
    action: `exports.onExecutePostLogin = async (event, api) => {
      api.accessToken.removeScope('write:all');
      if (event.user.app_metadata.plan === 'pro') api.accessToken.addScope('read:reports');
    }`,
  },
  'a second factor from new countries': {
    rule: `function (user, context, callback) {
      var country = context.request.geoip && context.request.geoip.country_code;
      var known = (user.app_metadata || {}).countries || [];
      if (known.indexOf(country) < 0) context.multifactor = { provider: 'any', allowRememberBrowser: false };
      context.idToken[configuration.NAMESPACE + 'country'] = country || null;
      callback(null, user, context);
    }`,
    action: `exports.onExecutePostLogin = async (event, api) => {
      const { countryCode } = event.request.geoip;
      if (!(event.user.app_metadata.countries ?? []).includes(countryCode)) api.multifactor.enable('any');
      api.idToken.setCustomClaim(event.secrets.NAMESPACE + 'country', countryCode ?? null);
    }`,
  },
  'counting logins in metadata': {
    rule: `function (user, context, callback) {
      user.user_metadata = user.user_metadata || {};
      user.user_metadata.seen = (user.user_metadata.seen || 0) + 1;
      auth0.users.updateUserMetadata(user.user_id, { seen: user.user_metadata.seen })
        .then(function () {
          context.idToken[configuration.NAMESPACE + 'seen'] = user.user_metadata.seen;
          callback(null, user, context);
        })
        .catch(callback);
    }`,
    action: `exports.onExecutePostLogin = async (event, api) => {
      const seen = (event.user.user_metadata.seen ?? 0) + 1;
      api.user.setUserMetadata('seen', seen);
      api.idToken.setCustomClaim(event.secrets.NAMESPACE + 'seen', seen);
    }`,
  },
  'terms to be accepted on another page': {
    rule: `function (user, context, callback) {
      if (!(user.app_metadata || {}).terms) context.redirect = { url: 'https://terms.example/?for=' + user.user_id };
      callback(null, user, context);
    }`,
    action: `exports.onExecutePostLogin = async (event, api) => {
      if (!event.user.app_metadata.terms) api.redirect.sendUserTo('https://terms.example/', { query: { for: event.user.user_id } });
    }
    exports.onContinuePostLogin = async () => {};`,
  },
  'a policy that fails': {
    rule: `function (user, context, callback) { callback(null, user.missing.too, context); }`,
    action: `exports.onExecutePostLogin = async (event) => event.user.missing.too;`,
  },
}

const users: Readonly<Record<string, User>> = {
  ada: {
    user_id: 'ada',
    email: 'ada@example.com',
    email_verified: true,
    app_metadata: { plan: 'pro', countries: ['DE'] },
  },
  grace: {
    user_id: 'grace',
    email: 'grace@example.org',
    email_verified: true,
    user_metadata: { seen: 4 },
    app_metadata: { terms: true },
  },
  mallory: { user_id: 'mallory', email: 'mallory@evil.example', email_verified: true },
  nobody: { user_id: 'nobody', email: 'nobody@example.com', email_verified: false },
}
const context: LoginContext = {
  protocol: 'oidc-basic-profile',
  request: { query: {}, body: {}, geoip: { country_code: 'DE' } },
  idToken: {},
  accessToken: { scope: ['openid', 'write:all'] },
}

describe.each(Object.entries(policies))('as a rule and as an action: %s', (_what, policy) => {
  test.each(Object.entries(users))('%s gets the same tokens', async (_name, user) => {
    const [asRule, asAction] = [await run(policy.rule, { user, context }), await run(policy.action, { user, context })]
    const told = ({ outcome, reason, redirect, multifactor, claims, context: after }: typeof asRule) => ({
      outcome,
      // A failure says where in its own text it happened.
      reason: outcome === 'error' ? '' : reason,
      url: redirect && decodeURIComponent(redirect.url),
      multifactor,
      claims,
      scope: after.accessToken?.scope,
    })
    expect(told(asAction)).toEqual(told(asRule))
    expect(asAction.user.user_metadata ?? {}).toEqual(asRule.user.user_metadata ?? {})
  })
})

test('the policies tell the users apart', async () => {
  const seen = new Set<string>()
  for (const { action } of Object.values(policies)) {
    for (const user of Object.values(users)) seen.add((await run(action, { user, context })).outcome)
  }
  expect(seen).toEqual(new Set(['allow', 'deny', 'redirect', 'challenge', 'error']))
})
