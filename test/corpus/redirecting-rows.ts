import jwt from 'jsonwebtoken'
import { expect } from 'vitest'
import { type Row, back, secret, sessionToken } from './row.ts'

const configuration = { SESSION_TOKEN_SECRET: secret }
const away = (url: RegExp) => ({ outcome: 'redirect', redirect: expect.stringMatching(url) as unknown }) as const
const management = 'PATCH https://tenant.example/api/v2/users/auth0%7C1'

/** Rules that send users elsewhere, or take them back. */
export const redirectingRows: Readonly<Record<string, Row>> = {
  'arengu-policy-acceptance': {
    configuration: { ...configuration, ARENGU_POLICIES_FORM_URL: 'https://forms.example/policies' },
    expect: away(/^https:\/\/forms\.example\/policies\?session_token=eyJ/),
  },
  'arengu-progressive-profiling': {
    context: back({ session_token: sessionToken({ other: { job_title: 'Countess' } }) }),
    configuration: { ...configuration, ARENGU_PROFILE_FORM_URL: 'https://forms.example/profile' },
    answers: { [management]: { user_id: 'auth0|1' } },
    expect: {
      user: { user_metadata: { job_title: 'Countess' } },
      requests: [[management, 'authorization: Bearer management-token', '"user_metadata":{"job_title":"Countess"}']],
    },
  },
  'caisson-id-check': {
    configuration: { CAISSON_PUBLIC_KEY: 'pub', CAISSON_PRIVATE_KEY: secret, CAISSON_LOGIN_FREQUENCY_DAYS: '1' },
    expect: away(/^https:\/\/id\.caisson\.com\/auth0\?session_token=eyJ/),
  },
  'eva-voice-biometric': {
    expect: {
      ...away(/^https:\/\/eval-eva-web\.aurayasystems\.com\/server\/oauth\?token=eyJ/),
      user: { jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown },
    },
  },
  'iddataweb-verification-workflow': {
    context: back({ code: 'c-1' }),
    configuration: {
      IDDATAWEB_BASE_URL: 'https://idw.example',
      IDDATAWEB_CLIENT_ID: 'id',
      IDDATAWEB_CLIENT_SECRET: 'x',
    },
    answers: {
      'POST https://idw.example/axn/oauth2/token': {
        id_token: jwt.sign(
          { iss: 'https://idw.example', aud: 'id', policyDecision: 'approve', jti: 'tx-1', iat: 1_700_000_000 },
          secret,
        ),
      },
    },
    expect: {
      idToken: {
        'https://iddataweb.com/policyDecision': 'approve',
        'https://iddataweb.com/transactionId': 'tx-1',
        'https://iddataweb.com/iat': 1_700_000_000,
      },
      saved: [
        [
          'app',
          {
            iddataweb: {
              verificationResult: { policyDecision: 'approve', transactionid: 'tx-1', iat: 1_700_000_000 },
            },
          },
        ],
      ],
      requests: [['POST https://idw.example/axn/oauth2/token', 'authorization: Basic aWQ6eA==', 'code=c-1']],
    },
  },
  'mylife-digital-progressive-consent': {
    configuration: {
      CONSENTRIC_AUTH_HOST: 'https://auth.consent.example',
      CONSENTRIC_API_HOST: 'https://api.consent.example',
      CONSENTRIC_AUDIENCE: 'aud',
      CONSENTRIC_CLIENT_ID: 'c',
      CONSENTRIC_CLIENT_SECRET: 'x',
      CONSENTRIC_APPLICATION_ID: 'app',
      CONSENTRIC_REDIRECT_URL: 'https://consent.example/form?lang=en',
    },
    answers: {
      'POST https://auth.consent.example/oauth/token': { expires_in: 60, access_token: 'api-token' },
      'POST https://api.consent.example/v1/citizens': [409, { error: 'exists' }],
      'POST https://api.consent.example/v1/access-tokens/tokens': { token: 'ut-1', expiryDate: '2027-02-01' },
    },
    expect: {
      ...away(/^https:\/\/consent\.example\/form\?lang=en&token=ut-1$/),
      saved: [['app', { consentric: { token: 'ut-1', exp: '2027-02-01' } }]],
      requests: [
        ['POST https://auth.consent.example/oauth/token', '"grant_type":"client_credentials"'],
        ['POST https://api.consent.example/v1/citizens', 'authorization: Bearer api-token'],
        ['POST https://api.consent.example/v1/access-tokens/tokens', '"externalRef":"auth0|1"'],
      ],
    },
  },
  'vouched-verification': {
    configuration: { VOUCHED_API_KEY: 'vk', VOUCHED_PUBLIC_KEY: 'vp' },
    answers: { 'POST https://verify.vouched.id/api/packet/auth0': { id: 'p-1' } },
    expect: {
      ...away(/^https:\/\/i\.vouched\.id\/auth0\?id=p-1$/),
      requests: [['POST https://verify.vouched.id/api/packet/auth0', 'x-api-key: vk', '"uid":"auth0|1"']],
    },
  },
  'yoonik-face': {
    configuration: { ...configuration, YOONIK_APP_URL: 'https://face.example' },
    expect: away(/^https:\/\/face\.example\?session_token=eyJ/),
  },
  'redirect-rules/simple': {
    configuration: { CONSENT_FORM_URL: 'https://consent.example/?a=1' },
    expect: away(/^https:\/\/consent\.example\/\?a=1&auth0_domain=tenant\.example$/),
  },
  'redirect-rules/sms-mfa': {
    context: {
      clientID: 'REPLACE_WITH_YOUR_CLIENT_ID',
      ...back({ id_token: jwt.sign({ status: 'no' }, Buffer.from(secret, 'base64')) }),
    },
    configuration: { SMS_MFA_TOKEN_SECRET: secret },
    expect: { outcome: 'deny', reason: 'Invalid Token Status' },
  },
}
