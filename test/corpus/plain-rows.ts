import { expect } from 'vitest'
import { type Row, asked, context, user } from './row.ts'

const denied = (reason: string) => ({ outcome: 'deny', reason }) as const
const challenge = (provider: string, more: object = { allowRememberBrowser: false }) =>
  ({ outcome: 'challenge', multifactor: { provider, ...more } }) as const
const isWeekend = [0, 6].includes(new Date().getDay())

/** Rules that call nobody. */
export const plainRows: Readonly<Record<string, Row>> = {
  'access-on-weekdays-only-for-an-app': {
    context: { clientName: 'TheAppToCheckAccessTo' },
    expect: isWeekend ? denied('This app is available during the week') : {},
  },
  'active-directory-groups': { user: { groups: 'group2' }, expect: denied('Access denied.') },
  'adaptive-mfa': {
    user: { multifactor: ['guardian'] },
    context: { riskAssessment: { assessments: { NewDevice: { confidence: 'low' } } } },
    expect: challenge('any'),
  },
  'add-attributes': {
    context: { connection: 'company.com' },
    expect: { idToken: { 'https://example.com/vip': true } },
  },
  'add-country': {
    expect: {
      idToken: {
        'https://example.com/country': 'Argentina',
        'https://example.com/timezone': 'America/Buenos_Aires',
      },
    },
  },
  'add-email-to-access-token': { expect: { accessToken: { 'https://example.com/email': user.email } } },
  'add-persistence-attribute': {
    expect: {
      idToken: { 'https://example.com/favorite_color': 'blue' },
      user: { user_metadata: { color: 'blue' } },
      saved: [['user', { color: 'blue' }]],
    },
  },
  'check-domains-against-connection-aliases': {
    context: { connectionOptions: { tenant_domain: 'example.org', domain_aliases: ['example.net'] } },
    expect: denied('Access denied'),
  },
  'check-last-password-reset': {
    user: { last_password_reset: '2020-01-01T00:00:00.000Z' },
    expect: denied('please change your password'),
  },
  'cumulio-add-metadata-to-tokens': {
    user: { app_metadata: { cumulio: { team: 'north' } } },
    expect: { idToken: { 'https://cumulio/team': 'north' }, accessToken: { 'https://cumulio/team': 'north' } },
  },
  'default-picture-null-avatars': {
    user: { picture: 'https://cdn.auth0.com/avatars/aa.png?a=1' },
    expect: { user: { picture: 'https://cdn.auth0.com/avatars/aa.png?a=1&d=URL_TO_YOUR_DEFAULT_PICTURE_HERE' } },
  },
  'disable-resource-owner': {
    context: { protocol: 'oauth2-resource-owner' },
    expect: denied('The resource owner endpoint cannot be used.'),
  },
  'disable-social-signup': {
    context: { clientID: 'REPLACE_WITH_YOUR_CLIENT_ID', connection: 'github', connectionStrategy: 'github' },
    expect: { ...denied('Signup disabled'), saved: [['app', { is_signup: true }]] },
  },
  'duo-multifactor': {
    context: { clientID: 'REPLACE_WITH_YOUR_CLIENT_ID' },
    configuration: { DUO_IKEY: 'i', DUO_SKEY: 'sk-1', DUO_HOST: 'duo.example' },
    expect: { outcome: 'challenge', multifactor: { provider: 'duo', ikey: 'i', host: 'duo.example' } },
  },
  'email-verified': {
    user: { email_verified: false },
    expect: denied('Please verify your email before logging in.'),
  },
  'facebook-custom-picture': {
    user: { identities: [{ connection: 'facebook', user_id: '77' }] },
    context: { connection: 'facebook' },
    expect: { idToken: { picture: 'https://graph.facebook.com/v2.5/77/picture?type=large' } },
  },
  'get-getIP': {
    expect: {
      idToken: { 'https://example.com/geoip': context.request.geoip },
      saved: [['user', { geoip: context.request.geoip }]],
    },
  },
  'guardian-multifactor-authorization-extension': {
    user: { app_metadata: { authorization: { groups: ['admins'] } } },
    expect: challenge('guardian'),
  },
  'guardian-multifactor-ip-range': { expect: challenge('guardian') },
  'guardian-multifactor-stepup-authentication': {
    context: asked({ query: { acr_values: 'http://schemas.openid.net/pape/policies/2007/06/multi-factor' } }),
    expect: challenge('any'),
  },
  'guardian-multifactor': { expect: challenge('guardian') },
  'ip-address-allowlist': { expect: denied('Access denied from this IP address.') },
  'ip-address-blocklist': { context: asked({ ip: '1.2.3.4' }), expect: denied('Access denied from this IP address.') },
  jwt: {
    configuration: { TARGET_API_CLIENT_SECRET: Buffer.from('key').toString('base64'), TARGET_API_CLIENT_ID: 'api' },
    expect: { idToken: { 'https://example.com/id_token': expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/) } },
  },
  'mfa-require-enrollment': { expect: challenge('any', {}) },
  mfa: { expect: challenge('any') },
  pusher: {
    context: asked({ query: { channel: 'private-a', socket_id: '1.2' } }),
    configuration: { PUSHER_KEY: 'pk', PUSHER_SECRET: 'ps' },
    expect: { idToken: { 'https://example.com/pusherAuth': expect.stringMatching(/^pk:[0-9a-f]{64}$/) } },
  },
  querystring: {
    context: asked({ query: { some_querystring: 'whatever' } }),
    expect: { idToken: { 'https://example.com/new_attribute': 'foo' } },
  },
  'remove-attributes': { user: { some_attribute: 1 }, expect: { gone: ['some_attribute'] } },
  'require-mfa-once-per-session': { expect: challenge('any') },
  'roles-creation': {
    expect: { idToken: { 'https://example.com/roles': ['admin'] }, saved: [['app', { roles: ['admin'] }]] },
  },
  'saml-attribute-mapping': {
    expect: {
      context: {
        samlConfiguration: {
          mappings: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'email' },
        },
      },
    },
  },
  'saml-configuration': {
    context: { clientID: '{YOUR_SAMLP_OR_WSFED_CLIENT_ID}' },
    expect: { context: { samlConfiguration: { audience: 'urn:foo', lifetimeInSeconds: 3600 } } },
  },
  'simple-domain-whitelist': { user: { email: 'ada@elsewhere.example' }, expect: denied('Access denied.') },
  'simple-user-whitelist-for-app': {
    context: { clientName: 'NameOfTheAppWithWhiteList' },
    expect: denied('Access denied.'),
  },
  'simple-user-whitelist': { user: { email: 'user2@example.com' }, expect: {} },
  'simple-whitelist-on-a-connection': { context: { connection: 'fitbit' }, expect: denied('Access denied.') },
  'test-require': { expect: {} },
  'track-consent': {
    expect: { saved: [['user', { consentGiven: true, consentTimestamp: expect.any(Number) as number }]] },
  },
  'username-attribute': { user: { username: 'ada' }, expect: { saved: [['app', { username: 'ada' }]] } },
  'zendesk-sso-jwt': {
    configuration: { ZENDESK_JWT_SECRET: 'zs' },
    expect: {
      idToken: { 'https://example.com/zendesk_jwt_url': expect.stringMatching(/\.zendesk\.com\/access\/jwt\?jwt=eyJ/) },
    },
  },
}
