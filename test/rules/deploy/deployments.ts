/** One deployment in the three layouts in which they are found, with keywords in JSON, YAML and code. */
const code = {
  geo: `function (user, context, callback) {
  var LABELS = @@LABELS@@;
  context.idToken['##NAMESPACE##geo'] = LABELS[context.request.geoip.country_code] || 'elsewhere';
  callback(null, user, context);
}
`,
  crm: `// Asks ##CRM## who this is.
function crm(user, context, callback) {
  user.crm = { url: "@@CRM@@", key: configuration.CRM_KEY, again: '@@CRM@@' };
  callback(null, user, context);
}
`,
  off: `function off(user, context, callback) { callback(new Error('off')); }
`,
  action: `exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('##NAMESPACE##action', event.secrets.TOKEN);
};
`,
}

export const mappings = {
  LABELS: { AR: "l'Argentine $&", DE: 'Germany' },
  NAMESPACE: 'https://example.com/',
  CRM: 'https://crm.example/$1',
  GEO_ORDER: 20,
  OFF: false,
  CRM_KEY: 'k-1',
}

/** What it comes to, whichever layout it was read from. */
export const expected = {
  rules: [
    {
      name: 'CRM lookup',
      script: code.crm
        .replaceAll(`'@@CRM@@'`, '"https://crm.example/$1"')
        .replaceAll('"@@CRM@@"', '"https://crm.example/$1"')
        .replaceAll('##CRM##', mappings.CRM),
      order: 10,
      enabled: true,
      stage: 'login_success',
    },
    {
      name: 'Geo',
      script: code.geo
        .replaceAll('@@LABELS@@', () => JSON.stringify(mappings.LABELS))
        .replaceAll('##NAMESPACE##', mappings.NAMESPACE),
      order: 20,
      enabled: true,
      stage: 'login_success',
    },
    { name: 'Off', script: code.off, order: 30, enabled: false, stage: 'login_success' },
  ],
  configuration: { CRM_KEY: 'k-1', REGION: 'eu' },
}

const triggers = { 'post-login': [{ action_name: 'second' }, { action_name: 'first' }], 'send-phone-message': [] }
const action = (name: string, trigger = 'post-login'): object => ({
  name,
  code: `./actions/${name}/code.js`,
  dependencies: [{ name: 'lodash', version: '4.17.21' }],
  secrets: [{ name: 'TOKEN', value: '_VALUE_NOT_SHOWN_' }],
  supported_triggers: [{ id: trigger, version: 'v3' }],
})
const actions = {
  'actions/first/code.js': code.action,
  'actions/second/code.js': code.action,
  'actions/idle/code.js': code.action,
  'actions/phone/code.js': 'exports.onExecuteSendPhoneMessage = async () => {};',
}

export const directory = {
  'rules/geo.json':
    '{ "name": "Geo", "script": "./geo.js", "order": ##GEO_ORDER##, "enabled": true, "stage": "login_success" }',
  'rules/geo.js': code.geo,
  'rules/crm lookup.json': {
    name: 'CRM lookup',
    script: './code/crm.js',
    order: 10,
    enabled: true,
    stage: 'login_success',
  },
  'rules/code/crm.js': code.crm,
  'rules/off.json':
    '{ "name": "Off", "script": "./off.js", "order": 30, "enabled": @@OFF@@, "stage": "login_success" }',
  'rules/off.js': code.off,
  'rules/nobody-names-me.js': 'no rule at all (',
  'rules-configs/one.json': '{ "key": "CRM_KEY", "value": @@CRM_KEY@@ }',
  'rules-configs/two.json': { key: 'REGION', value: 'eu' },
  'clients/broken.json': '{ "name": ##CLIENT##, ',
  'actions/first.json': action('first'),
  'actions/second.json': action('second'),
  'actions/idle.json': action('idle'),
  'actions/phone.json': action('phone', 'send-phone-message'),
  'triggers/triggers.json': triggers,
  ...actions,
}

export const older = {
  'rules/Geo.js': code.geo,
  'rules/Geo.json': '{ "enabled": true, "order": ##GEO_ORDER##, "stage": "login_success" }',
  'rules/CRM lookup.js': code.crm,
  'rules/CRM lookup.json': { enabled: true, order: 10, stage: 'login_success' },
  'rules/Off.js': code.off,
  'rules/Off.json': '{ "enabled": "@@OFF@@", "order": 30, "stage": "login_success" }',
  'rules-configs/CRM_KEY.json': '{ "value": "##CRM_KEY##" }',
  'rules-configs/REGION.json': { value: 'eu' },
}

export const yaml = {
  'tenant.yaml': `
tenant:
  friendly_name: @@NAME@@
  flags: { a: ##FLAG##
clients: "##NOT CLOSED
rules:
  - name: Geo
    script: ./code/geo.js
    order: ##GEO_ORDER##
    enabled: true
    stage: login_success
  - { name: "CRM lookup", script: "./code/crm.js", stage: login_success, enabled: true, order: 10 }
  - name: Off
    script: "code/off.js"
    enabled: @@OFF@@ # until spring
    order: 30
    stage: login_success
rulesConfigs:
  - key: CRM_KEY
    value: '@@CRM_KEY@@'
  - key: REGION
    value: eu
actions:
  - name: first
    code: ./actions/first/code.js
    dependencies: [{ name: lodash, version: 4.17.21 }]
    secrets: [{ name: TOKEN, value: _VALUE_NOT_SHOWN_ }]
    supported_triggers: [{ id: post-login, version: v3 }]
  - name: second
    code: ./actions/second/code.js
    secrets: []
    supported_triggers: [{ id: post-login, version: v3 }]
triggers:
  post-login:
    - action_name: second
    - action_name: first
resourceServers: ##SERVERS##
`,
  'code/geo.js': code.geo,
  'code/crm.js': code.crm,
  'code/off.js': code.off,
  ...actions,
}
