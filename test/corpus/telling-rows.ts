import { type Row, context, user } from './row.ts'

const basic = (text: string): string => `authorization: Basic ${Buffer.from(text).toString('base64')}`
const signedUp = [['app', { signedUp: true }]] as const

/** Rules that tell a host of the login; some do not wait for its answer. */
export const tellingRows: Readonly<Record<string, Row>> = {
  'create-new-contact-add-to-contact-list-hubspot': {
    configuration: { HUBSPOT_API_KEY: 'hk', HUBSPOT_NEW_MEMBER_LIST_ID: '1' },
    answers: { 'POST https://api.hubapi.com/contacts/v1/contact/': { vid: 5 } },
    expect: {
      requests: [['POST https://api.hubapi.com/contacts/v1/contact/?hapikey=hk', '"value":"ada@example.com"']],
    },
  },
  'creates-lead-salesforce': {
    configuration: {
      SALESFORCE_CLIENT_ID: 'ci',
      SALESFORCE_CLIENT_SECRET: 'x',
      SALESFORCE_USERNAME: 'u',
      SALESFORCE_PASSWORD: 'p',
    },
    answers: {
      'POST https://login.salesforce.com/services/oauth2/token': {
        instance_url: 'https://sf.example',
        access_token: 't',
      },
    },
    expect: {
      requests: [['POST https://login.salesforce.com/services/oauth2/token', 'grant_type=password&client_id=ci']],
    },
  },
  'intercom-user': {
    configuration: { INTERCOM_ACCESS_TOKEN: 'it' },
    expect: {
      requests: [['POST https://api.intercom.io/users', 'authorization: Bearer it', '"signed_up_at":1793527200']],
    },
  },
  mailgun: {
    configuration: { MAILGUN_API_KEY: 'mk' },
    answers: { 'POST https://api.mailgun.net/v3/%7BYOUR%20MAILGUN%20ACCOUNT%7D/messages': { id: 'm' } },
    expect: {
      saved: signedUp,
      requests: [
        [
          'POST https://api.mailgun.net/v3/%7BYOUR%20MAILGUN%20ACCOUNT%7D/messages',
          basic('api:mk'),
          'subject=NEW%20SIGNUP',
        ],
      ],
    },
  },
  mandrill: {
    configuration: { MANDRILL_API_KEY: 'mk' },
    answers: { 'POST https://mandrillapp.com/api/1.0/messages/send.json': [200, [{ status: 'sent' }]] },
    expect: {
      saved: signedUp,
      requests: [
        [
          'POST https://mandrillapp.com/api/1.0/messages/send.json',
          'key=mk&message%5Bsubject%5D=User%20Ada%20Lovelace',
          'message%5Bto%5D%5B0%5D%5Btype%5D=to',
        ],
      ],
    },
  },
  'mixpanel-track-event': {
    configuration: { MIXPANEL_API_TOKEN: 'mt' },
    answers: { 'GET http://api.mixpanel.com/track/': '1' },
    expect: {
      requests: [
        [
          `GET http://api.mixpanel.com/track/?data=${encodeURIComponent(
            Buffer.from(
              JSON.stringify({
                event: 'Sign In',
                properties: { distinct_id: user.user_id, token: 'mt', application: context.clientName },
              }),
            ).toString('base64'),
          )}`,
        ],
      ],
    },
  },
  requestbin: {
    answers: { 'POST https://requestbin.fullcontact.com/YourBinUrl': 'ok' },
    expect: {
      requests: [
        [
          'POST https://requestbin.fullcontact.com/YourBinUrl',
          '{"user":{"user_id":"auth0|1","email":"ada@example.com","email_verified":true},"context":{"clientID":"app-1","connection":"members"',
        ],
      ],
    },
  },
  'send-events-keenio': {
    configuration: { SLACK_WEBHOOK_URL: 'https://hooks.example/s', KEEN_PROJ_ID: 'p-1', KEEN_WRITE_KEY: 'wk' },
    answers: { 'POST https://api.keen.io/3.0/projects/p-1/events/signups': { created: true } },
    expect: {
      requests: [
        ['POST https://api.keen.io/3.0/projects/p-1/events/signups', 'authorization: wk', '"ip":"198.51.100.7"'],
      ],
    },
  },
  'send-events-segmentio': {
    configuration: { SEGMENTIO_WRITE_KEY: 'wk' },
    answers: { 'POST https://api.segment.io/v1/track': { success: true } },
    expect: { requests: [['POST https://api.segment.io/v1/track', basic('wk:'), '"event":"Signed up"']] },
  },
  sendgrid: {
    configuration: { SENDGRID_API_KEY: 'gk' },
    answers: { 'POST https://api.sendgrid.com/api/mail.send.json': { message: 'success' } },
    expect: {
      saved: signedUp,
      requests: [
        ['POST https://api.sendgrid.com/api/mail.send.json', 'authorization: Bearer gk', 'to=admin%40example.com'],
      ],
    },
  },
  'shopify-lead-from-login': {
    configuration: { SHOPIFY_API_KEY: 'id', SHOPIFY_API_PWD: 'pw', SHOPIFY_API_URL: 'shop.example' },
    answers: { 'POST https://shop.example/admin/api/2020-04/customers.json': [201, { customer: { id: 1 } }] },
    expect: {
      requests: [['POST https://shop.example/admin/api/2020-04/customers.json', basic('id:pw'), '"first_name":"Ada"']],
    },
  },
  slack: {
    configuration: { SLACK_HOOK_URL: 'https://hooks.slack.example/1' },
    answers: { 'POST https://hooks.slack.example/1': 'ok' },
    expect: {
      requests: [['POST https://hooks.slack.example/1', 'New%20User%3A%20Ada%20Lovelace%20%28ada%40example.com%29']],
    },
  },
  'splunk-HEC-track-event': {
    configuration: { SPLUNK_HEC_TOKEN: 'st' },
    answers: { 'POST https://http-inputs-mysplunkcloud.example.com/services/collector': { text: 'Success' } },
    expect: {
      saved: signedUp,
      requests: [
        [
          'POST https://http-inputs-mysplunkcloud.example.com/services/collector',
          'authorization: Splunk st',
          '"message":"SignUp"',
        ],
      ],
    },
  },
  'update-firebase-user': {
    configuration: { FIREBASE_URL: 'https://fire.example', FIREBASE_SECRET: 'fs' },
    answers: { 'PUT https://fire.example/users/YXV0aDB8MQ==.json': {} },
    expect: {
      requests: [['PUT https://fire.example/users/YXV0aDB8MQ==.json?auth=fs', '"identity":{"user_id":"auth0|1"']],
    },
  },
  'zapier-new-login': {
    configuration: { ZAP_HOOK_URL: 'https://zap.example/1' },
    answers: { 'POST https://zap.example/1': {} },
    expect: {
      requests: [['POST https://zap.example/1', '"appName":"Analytical Engine"', '"email":"ada@example.com"']],
    },
  },
  'zapier-new-user': {
    configuration: { ZAP_HOOK_URL: 'https://zap.example/2' },
    answers: { 'POST https://zap.example/2': {} },
    expect: { requests: [['POST https://zap.example/2', '"strategy":"auth0"']] },
  },
}
