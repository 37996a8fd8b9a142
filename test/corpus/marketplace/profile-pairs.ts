import { asked, context, user } from '../row.ts'
import { type Difference, type Pair, denied, now } from './pair.ts'

const namespace = 'https://example.com'
const identity = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const roles = `${namespace}/roles`
const withoutGeo = { ...context.request, geoip: undefined }
const samlClient = '{YOUR_SAMLP_OR_WSFED_CLIENT_ID}'

const querystring = (differs?: Difference): Pair => ({
  rule: 'querystring',
  secrets: {
    QUERY_KEY: 'some_querystring',
    QUERY_VALUE: 'whatever',
    CUSTOM_CLAIM_NAME: `${namespace}/new_attribute`,
    CUSTOM_CLAIM_VALUE: 'foo',
  },
  logins: {
    'with the value': {
      context: asked({ query: { some_querystring: 'whatever' } }),
      shows: { idToken: { [`${namespace}/new_attribute`]: 'foo' } },
      ...(differs === undefined ? {} : { differs }),
    },
    'with another value': { context: asked({ query: { some_querystring: 'else' } }), shows: {} },
    'without a query': { shows: {} },
  },
})

/** What is added to tokens, and to the user. */
export const profilePairs: Readonly<Record<string, Pair>> = {
  'add-attribute-POST_LOGIN': {
    rule: 'add-attributes',
    secrets: { CONNECTION_NAME: 'company.com', CLAIM_NAME: `${namespace}/vip` },
    logins: {
      'through the connection': {
        context: { connection: 'company.com' },
        shows: { idToken: { [`${namespace}/vip`]: true } },
      },
      'through another connection': { shows: {} },
    },
  },
  'add-country-POST_LOGIN': {
    rule: 'add-country',
    secrets: { ID_TOKEN_NAMESPACE: namespace },
    logins: {
      'from a known place': {
        shows: {
          idToken: { [`${namespace}/country`]: 'Argentina', [`${namespace}/timezone`]: 'America/Buenos_Aires' },
        },
      },
      'from nowhere': { context: { request: withoutGeo }, shows: {} },
      'from a place whose country is not known': {
        context: asked({ geoip: { time_zone: 'Etc/UTC' } }),
        shows: { idToken: { [`${namespace}/timezone`]: 'Etc/UTC' } },
      },
    },
  },
  'add-email-to-access-token-POST_LOGIN': {
    rule: 'add-email-to-access-token',
    secrets: { NAMESPACE: `${namespace}/` },
    logins: {
      'with an address': { shows: { accessToken: { [`${namespace}/email`]: user.email } } },
      'without an address': { user: { email: undefined }, shows: {} },
    },
  },
  'querystring-PASSWORD_RESET_POST_CHALLENGE': querystring({
    because: 'it leaves to the reader what is to happen',
    action: { idToken: {} },
  }),
  'querystring-POST_LOGIN': querystring(),
  'role-creation-POST_LOGIN': {
    rule: 'roles-creation',
    secrets: { SPECIAL_ROLE_NAME: roles, SPECIAL_ROLE_VALUE: 'admin', SPECIAL_ROLE_USERS: 'ada@example.com, b@c.d' },
    logins: {
      'of an admin': {
        shows: { idToken: { [roles]: ['admin'] }, saved: [['app', { roles: ['admin'] }]] },
        differs: {
          because: 'the roles are in the access token, too, and nowhere saved',
          action: { accessToken: { [roles]: ['admin'] }, saved: [] },
        },
      },
      'of somebody else': {
        user: { email: 'grace@elsewhere.example' },
        shows: { idToken: { [roles]: ['user'] }, saved: [['app', { roles: ['user'] }]] },
        differs: { because: 'it knows no role but the special one', action: { idToken: {}, saved: [] } },
      },
      'with an address that is not verified': {
        user: { email_verified: false },
        shows: {},
        differs: { because: 'it refuses, where the rule gives no role', action: denied('access denied') },
      },
    },
  },
  'saml-attribute-mapping-POST_LOGIN': {
    rule: 'saml-attribute-mapping',
    logins: {
      'of a user': {
        context: { protocol: 'samlp' },
        shows: {
          samlConfiguration: {
            mappings: {
              [`${identity}/nameidentifier`]: 'user_id',
              [`${identity}/emailaddress`]: 'email',
              [`${identity}/name`]: 'name',
              [`${identity}/food`]: 'user_metadata.favorite_food',
              [`${identity}/address`]: 'app_metadata.shipping_address',
            },
          },
        },
        differs: {
          because: 'an Action says what an attribute holds, a rule where in the profile it is found',
          action: {
            samlConfiguration: {
              attributes: {
                [`${identity}/nameidentifier`]: user.user_id,
                [`${identity}/emailaddress`]: user.email,
                [`${identity}/name`]: user.name,
              },
            },
          },
        },
      },
    },
  },
  'saml-configuration-POST_LOGIN': {
    rule: 'saml-configuration',
    secrets: {
      CLIENT_ID: samlClient,
      SAML_AUD: 'urn:foo',
      SAML_RECIPIENT: 'http://foo',
      SAML_DESTINATION: 'http://foo',
      SAML_LIFETIME_SEC: '3600',
    },
    logins: {
      'to the application': {
        context: { clientID: samlClient, protocol: 'samlp' },
        shows: {
          samlConfiguration: {
            audience: 'urn:foo',
            recipient: 'http://foo',
            destination: 'http://foo',
            lifetimeInSeconds: 3600,
          },
        },
      },
      'to another application': { shows: {} },
    },
  },
  'track-consent-POST_LOGIN': {
    rule: 'track-consent',
    logins: {
      'of somebody new': { shows: { saved: [['user', { consentGiven: true, consentTimestamp: now }]] } },
      'of somebody who has agreed': {
        user: { user_metadata: { consentGiven: true, consentTimestamp: 1 } },
        shows: {},
      },
      'of somebody whose metadata holds something else': {
        user: { user_metadata: { color: 'blue' } },
        shows: { saved: [['user', { color: 'blue', consentGiven: true, consentTimestamp: now }]] },
        differs: {
          because: 'it saves what it sets, the rule all that there is',
          action: { saved: [['user', { consentGiven: true, consentTimestamp: now }]] },
        },
      },
    },
  },
}
