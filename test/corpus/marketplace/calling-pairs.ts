import { type Difference, type Pair, type Shown, denied } from './pair.ts'

const namespace = 'https://example.com'
const tenant = 'https://tenant.example'
const favorite = { [`${namespace}/favorite_color`]: 'blue' }
const color = { METADATA_KEY: 'color', METADATA_DEFAULT_VALUE: 'blue' }
const ofManagement = { TENANT_DOMAIN: 'tenant.example', CLIENT_ID: 'client-1', CLIENT_SECRET: 'client-secret' }
const patch = `PATCH ${tenant}/api/v2/users/auth0%7C1`

const persistence = (secrets: Readonly<Record<string, string>>, first: Difference): Pair => ({
  rule: 'add-persistence-attribute',
  secrets: { ...color, ...secrets },
  answers: {
    [`POST ${tenant}/oauth/token`]: { access_token: 'm2m', expires_in: 86_400, token_type: 'Bearer' },
    [patch]: { user_id: 'auth0|1', user_metadata: { color: 'blue' } },
  },
  logins: {
    'of somebody without the attribute': {
      shows: { idToken: favorite, saved: [['user', { color: 'blue' }]] },
      differs: first,
    },
    'of somebody who has chosen': {
      user: { user_metadata: { color: 'red' } },
      shows: { idToken: { [`${namespace}/favorite_color`]: 'red' }, saved: [['user', { color: 'red' }]] },
      differs: { because: 'it leaves alone what is set, and has no claim then', action: { idToken: {}, saved: [] } },
    },
  },
})

const persistenceThroughManagement = persistence(ofManagement, {
  because: 'it has no api.user, and saves through the Management API; its flow has no token',
  action: {
    idToken: {},
    saved: [],
    requests: [
      [`POST ${tenant}/oauth/token`, 'client_credentials', 'client-1', 'client-secret', 'tenant.example'],
      [patch, 'authorization: Bearer m2m', '{"user_metadata":{"color":"blue"}}'],
    ],
  },
})

const login = 'POST https://login.salesforce.com/services/oauth2/token'
const lead = 'https://login.salesforce.com/services/data/v59.0/sobjects/Lead'
const byPassword: Shown['requests'] = [[login, 'grant_type=password&client_id=ci']]
const toSalesforce: Shown['requests'] = [
  [login, 'content-type: multipart/form-data', 'name="grant_type"', 'client_credentials', 'name="client_secret"'],
  [
    `POST ${lead}`,
    'authorization: Bearer t',
    '{"LastName":"Ada Lovelace","Company":"Engines","Email":"ada@example.com"}',
  ],
]
const salesforce = (afterwards: Partial<Shown>, asLead?: Difference): Pair => ({
  rule: 'creates-lead-salesforce',
  configuration: { SALESFORCE_CLIENT_ID: 'ci', SALESFORCE_CLIENT_SECRET: 'cs' },
  secrets: {
    SALESFORCE_DOMAIN: 'login.salesforce.com',
    SALESFORCE_CLIENT_ID: 'ci',
    SALESFORCE_CLIENT_SECRET: 'cs',
    SALESFORCE_COMPANY: 'Engines',
  },
  answers: {
    [login]: { instance_url: 'https://sf.example', access_token: 't' },
    [`POST ${lead}`]: [201, { id: 'lead-1', success: true }],
  },
  logins: {
    'of somebody new': {
      shows: { requests: byPassword },
      differs: {
        because: 'it asks as a client, for another version, and waits for the answers, which the rule does not',
        action: { requests: toSalesforce, ...afterwards },
      },
    },
    'of somebody who is a lead': {
      user: { app_metadata: { recordedAsLead: true } },
      shows: {},
      ...(asLead === undefined ? {} : { differs: asLead }),
    },
    'while nobody answers': {
      answers: {},
      shows: { requests: byPassword },
      differs: { because: 'it asks as a client', action: { requests: [toSalesforce[0]!] } },
    },
  },
})

const service = 'POST https://somedomain.com/RoleService.svc'
const soapAction = 'http://tempuri.org/RoleService/GetRolesForCurrentUser'
const envelope =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><string>a</string><string>b</string></s:Body></s:Envelope>'
const asked: Shown['requests'] = [[service, `soapaction: ${soapAction}`, 'content-type: text/xml', 'Envelope']]
const askedWithoutBody: Shown['requests'] = [[service, `soapaction: ${soapAction}`, 'content-type: text/xml']]
const soap = (answered: Partial<Shown>, unanswered: Partial<Shown>): Pair => ({
  rule: 'soap-webservice',
  secrets: { DOMAIN: 'somedomain.com', SOAP_ACTION: soapAction, ID_TOKEN_NAMESPACE: namespace },
  answers: { [service]: envelope },
  logins: {
    'that the service answers': {
      shows: { idToken: { [`${namespace}/roles`]: ['a', 'b'] }, requests: asked },
      differs: { because: 'it sends no envelope', action: { requests: askedWithoutBody, ...answered } },
    },
    'that the service does not answer': {
      answers: {},
      shows: { ...denied('connect ECONNREFUSED somedomain.com:443'), requests: asked },
      differs: { because: 'it says nothing of the reason', action: { requests: askedWithoutBody, ...unanswered } },
    },
  },
})
const soapWithoutClaim = { idToken: {} }
const soapAfterwards = soap(soapWithoutClaim, { outcome: 'allow', reason: undefined })

/** Which call a host. */
export const callingPairs: Readonly<Record<string, Pair>> = {
  'add-persistence-attribute-PASSWORD_RESET_POST_CHALLENGE': persistenceThroughManagement,
  'add-persistence-attribute-POST_CHANGE_PASSWORD': persistenceThroughManagement,
  'add-persistence-attribute-POST_LOGIN': persistence(
    { ID_TOKEN_NAMESPACE: namespace },
    { because: 'the claim is called as the attribute is', action: { idToken: { [`${namespace}/color`]: 'blue' } } },
  ),
  'add-persistence-attribute-POST_USER_REGISTRATION': persistenceThroughManagement,
  'add-persistence-attribute-SEND_PHONE_MESSAGE': persistenceThroughManagement,
  'creates-lead-salesforce-POST_LOGIN': salesforce({ saved: [['app', { recordedAsLead: true }]] }),
  'creates-lead-salesforce-POST_USER_REGISTRATION': salesforce(
    {},
    { because: 'who registers is no lead yet', action: { requests: toSalesforce } },
  ),
  'soap-webservice-PASSWORD_RESET_POST_CHALLENGE': soap(soapWithoutClaim, { reason: 'action failed' }),
  'soap-webservice-POST_CHANGE_PASSWORD': soapAfterwards,
  'soap-webservice-POST_LOGIN': soap({}, { reason: 'action failed' }),
  'soap-webservice-POST_USER_REGISTRATION': soapAfterwards,
  'soap-webservice-SEND_PHONE_MESSAGE': soapAfterwards,
}
