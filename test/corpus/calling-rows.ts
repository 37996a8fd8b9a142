import { expect } from 'vitest'
import { type Row, user } from './row.ts'

const basic = (text: string): string => `authorization: Basic ${Buffer.from(text).toString('base64')}`

/** Rules that call a host, and enrich the login with what it says. */
export const callingRows: Readonly<Record<string, Row>> = {
  'alt-risk-score': {
    context: { clientMetadata: { userApp: 'true' } },
    configuration: { MINFRAUD_ACCOUNT_ID: 'id', MINFRAUD_LICENSE_KEY: 'key' },
    answers: {
      'POST https://minfraud.maxmind.com/minfraud/v2.0/score': {
        risk_score: 0.4,
        ip_address: { risk: 0.1 },
        device: { id: 'd' },
        email: { is_free: false },
      },
    },
    expect: {
      idToken: { 'https://travel0.net/risk': expect.objectContaining({ score: 0.4 }) },
      accessToken: { 'https://travel0.net/risk': expect.objectContaining({ score: 0.4 }) },
      user: { risk: { score: 0.4, device: { id: 'd' } } },
      requests: [
        ['POST https://minfraud.maxmind.com/minfraud/v2.0/score', basic('id:key'), '"ip_address":"198.51.100.7"'],
      ],
    },
  },
  appery: {
    configuration: { APPERYIO_DATABASE_ID: 'db-1', APPERYIO_PASSWORD_SECRET: 'pw' },
    answers: {
      'GET https://api.appery.io/rest/1/db/login': [404, { code: 'none' }],
      'POST https://api.appery.io/rest/1/db/users': { sessionToken: 't-1', _id: 'u-1' },
    },
    expect: {
      idToken: { 'https://example.com/apperyio_session_token': 't-1', 'https://example.com/apperyio_user_id': 'u-1' },
      requests: [
        [
          'GET https://api.appery.io/rest/1/db/login?username=ada%40example.com&password=pw',
          'x-appery-database-id: db-1',
        ],
        ['POST https://api.appery.io/rest/1/db/users', '"username":"ada@example.com"'],
      ],
    },
  },
  'aspnet-webapi': {
    configuration: { YOURWEBSITE_SECRET_TOKEN: 'shared-1' },
    answers: { 'POST https://yourwebsite.com/auth0': { customId: 42 } },
    expect: {
      idToken: { 'https://example.com/custom_id': 42 },
      saved: [['app', { customId: 42 }]],
      requests: [['POST https://yourwebsite.com/auth0', '"user_id":"auth0|1"', '"secretToken":"shared-1"']],
    },
  },
  'dropbox-whitelist': {
    answers: { 'GET https://dl.dropboxusercontent.com/u/12345678/email_list.txt': 'x@example.com\nada@example.com' },
    expect: { requests: [['GET https://dl.dropboxusercontent.com/u/12345678/email_list.txt']] },
  },
  'fraud-prevention-with-minfraud': {
    configuration: { MINFRAUD_LICENSE_KEY: 'lk' },
    answers: { 'POST https://minfraud.maxmind.com/app/ccv2r': 'countryMatch=No;riskScore=0.5' },
    expect: {
      outcome: 'deny',
      reason: 'Fraud prevention!',
      requests: [['POST https://minfraud.maxmind.com/app/ccv2r', 'emailMD5=', 'license_key=lk']],
    },
  },
  'get-fullcontact-profile': {
    configuration: { FULLCONTACT_KEY: 'fk' },
    answers: { 'POST https://api.fullcontact.com/v3/person.enrich': { title: 'Countess', details: { age: 36 } } },
    expect: {
      idToken: { 'https://example.com/fullcontact': { title: 'Countess' } },
      user: { user_metadata: { fullcontact: { title: 'Countess', details: { age: 36 } } } },
      saved: [['user', { fullcontact: { title: 'Countess', details: { age: 36 } } }]],
      requests: [['POST https://api.fullcontact.com/v3/person.enrich', 'authorization: Bearer fk']],
    },
  },
  'get-towerdata-profile': {
    configuration: { TOWERDATA_API_KEY: 'tk' },
    answers: { 'GET https://api.towerdata.com/v5/td': { gender: 'f' } },
    expect: {
      idToken: { 'https://example.com/towerdata': { gender: 'f' } },
      requests: [['GET https://api.towerdata.com/v5/td?email=ada%40example.com&api_key=tk']],
    },
  },
  'get-twitter-email': {
    user: { identities: [{ connection: 'twitter', access_token: 'at', access_token_secret: 'ats' }] },
    context: { connectionStrategy: 'twitter' },
    configuration: { TWITTER_CONSUMER_KEY: 'ck', TWITTER_CONSUMER_SECRET_KEY: 'cs' },
    answers: { 'GET https://api.twitter.com/1.1/account/verify_credentials.json': { email: 'ada@twitter.example' } },
    expect: {
      user: { email: 'ada@twitter.example' },
      requests: [
        [
          'GET https://api.twitter.com/1.1/account/verify_credentials.json?include_email=true',
          'authorization: OAuth include_email="true", oauth_consumer_key="ck"',
          'oauth_signature=',
        ],
      ],
    },
  },
  'linkedin-original-picture': {
    user: { identities: [{ connection: 'linkedin', access_token: 'lt' }] },
    context: { connection: 'linkedin' },
    answers: {
      'GET https://api.linkedin.com/v1/people/~/picture-urls::(original)': { values: ['https://img.example/a.png'] },
    },
    expect: {
      idToken: { picture: 'https://img.example/a.png' },
      requests: [
        ['GET https://api.linkedin.com/v1/people/~/picture-urls::(original)?format=json', 'authorization: Bearer lt'],
      ],
    },
  },
  'migrate-root-attributes': {
    user: { user_metadata: { given_name: 'Augusta' } },
    answers: { 'PATCH https://tenant.example/api/v2/users/auth0%7C1': { given_name: 'Augusta' } },
    expect: {
      user: { given_name: 'Augusta', user_metadata: {} },
      requests: [
        [
          'PATCH https://tenant.example/api/v2/users/auth0%7C1',
          'authorization: Bearer management-token',
          '"user_metadata":{"given_name":null}',
        ],
      ],
    },
  },
  'netlify-role-management': {
    configuration: { DEFAULT_ROLE_NAME: 'member', DEFAULT_ROLE_ID: 'rol_1' },
    answers: { 'POST https://tenant.example/api/v2/users/auth0%7C1/roles': [204, ''] },
    expect: {
      idToken: { 'https://netlify-integration.com/roles': ['member'] },
      requests: [['POST https://tenant.example/api/v2/users/auth0%7C1/roles', '"roles":["rol_1"]']],
    },
  },
  'onetrust-consent-management': {
    configuration: {
      ONETRUST_REQUEST_INFORMATION: 'info',
      ONETRUST_CONSENT_API_URL: 'https://consent.example/receipts',
      ONETRUST_PURPOSE_ID: 'p-1',
    },
    answers: { 'POST https://consent.example/receipts': { receipt: 'r-1' } },
    expect: {
      saved: [['app', { onetrust: { receipt: 'r-1' } }]],
      requests: [['POST https://consent.example/receipts', '"purposes":[{"Id":"p-1"}]']],
    },
  },
  parse: {
    answers: {
      'GET https://api.parse.com/1/login': [404, {}],
      'POST https://api.parse.com/1/users': [201, { sessionToken: 's-1' }],
    },
    expect: {
      idToken: { 'https://example.com/parse_session_token': 's-1' },
      requests: [
        [`GET https://api.parse.com/1/login?username=ada%40example.com&password=PARSE_USER_MASTER_KEY`],
        ['POST https://api.parse.com/1/users', `"username":"${user.email}"`],
      ],
    },
  },
  'scaled-access-relationships-claim': {
    configuration: {
      SCALED_ACCESS_AUDIENCE: 'aud',
      SCALED_ACCESS_CLIENTID: 'c',
      SCALED_ACCESS_CLIENTSECRET: 'cs-1',
      SCALED_ACCESS_BASEURL: 'https://relations.example',
      SCALED_ACCESS_TENANT: 'north',
    },
    answers: {
      'POST https://tenant.example/oauth/token': { access_token: 'm2m', expires_in: 3600 },
      'GET https://relations.example/north/actors/user/auth0%7C1/relationships': [
        200,
        [{ relationshipType: 'owner', to: { type: 'house' }, at: 1 }],
      ],
    },
    expect: {
      accessToken: { 'https://scaledaccess.com/relationships': [{ relationshipType: 'owner', to: { type: 'house' } }] },
      requests: [
        ['POST https://tenant.example/oauth/token', 'grant_type=client_credentials', 'scope=pg%3Atenant%3Aadmin'],
        ['GET https://relations.example/north/actors/user/auth0%7C1/relationships', 'authorization: Bearer m2m'],
      ],
    },
  },
  'seczetta-get-risk-score': {
    configuration: {
      SECZETTA_API_KEY: 'k',
      SECZETTA_BASE_URL: 'https://risk.example',
      SECZETTA_ATTRIBUTE_ID: 'a',
      SECZETTA_PROFILE_TYPE_ID: 'p',
      SECZETTA_ALLOWABLE_RISK: '4',
      SECZETTA_MAXIMUM_ALLOWED_RISK: '8',
    },
    answers: {
      'POST https://risk.example/api/advanced_search/run': { profiles: [{ id: 'o-1' }] },
      'GET https://risk.example/api/risk_scores': { risk_scores: [{ overall_score: 6 }] },
    },
    expect: {
      outcome: 'challenge',
      multifactor: { provider: 'any', allowRememberBrowser: false },
      requests: [
        ['POST https://risk.example/api/advanced_search/run', 'authorization: Token token=k'],
        ['GET https://risk.example/api/risk_scores?object_id=o-1'],
      ],
    },
  },
  'soap-webservice': {
    answers: {
      'POST https://somedomain.com/RoleService.svc':
        '<e><string xmlns="urn:roles">admin</string><string xmlns="urn:roles">clerk</string></e>',
    },
    expect: {
      idToken: { 'https://example.com/roles': ['admin', 'clerk'] },
      requests: [['POST https://somedomain.com/RoleService.svc', 'soapaction: http://tempuri.org']],
    },
  },
  'socure-fraudscore': {
    configuration: { SOCURE_KEY: 'sk' },
    answers: {
      'GET https://service.socure.com/api/1/EmailAuthScore': {
        status: 'Ok',
        data: { fraudscore: 0.2, confidence: 0.9, details: ['new'] },
      },
    },
    expect: {
      idToken: {
        'https://example.com/socure_fraudscore': 0.2,
        'https://example.com/socure_confidence': 0.9,
        'https://example.com/socure_details': ['new'],
      },
      saved: [['app', { socure_fraudscore: 0.2, socure_confidence: 0.9, socure_details: ['new'] }]],
      requests: [
        [
          'GET https://service.socure.com/api/1/EmailAuthScore?email=ada%40example.com&socurekey=sk&ipaddress=198.51.100.7',
        ],
      ],
    },
  },
  'verify-user-email-with-password-reset': {
    user: { email_verified: false, last_password_reset: '2026-11-02T00:00:00.000Z' },
    answers: { 'PATCH https://tenant.example/api/v2/users/auth0%7C1': { email_verified: true } },
    expect: {
      idToken: { email_verified: true },
      requests: [['PATCH https://tenant.example/api/v2/users/auth0%7C1', 'authorization: Bearer management-token']],
    },
  },
}
