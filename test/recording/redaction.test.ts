import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import { createRedactor } from '../../src/recording/redaction/redactor.ts'
import { action, rule } from '../engine/use-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-recordings-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Each a secret that nobody may find; with characters that JSON, URLs and base64 write otherwise. */
const canaries = {
  configuration: 'cfg/"canary"+one=?&%ü',
  actionSecret: 'sec-canary two',
  password: 'pw canary&three',
  identityToken: 'idp-canary-four',
  answeredToken: 'answered/canary+five',
  basicPassword: 'basic-canary-six',
  cookie: 'cookie-canary-seven',
  resetToken: 'url-canary-eight',
  globalToken: 'global-canary-nine',
  address: 'canary-host.example/hook',
}

const script = rule(`(async () => {
  const { API_KEY, ADDRESS } = configuration;
  const encoded = [encodeURIComponent(API_KEY), Buffer.from(API_KEY).toString('base64'), Buffer.from('a:' + API_KEY).toString('base64url'),
    Buffer.from('xy' + API_KEY + 'z').toString('base64'), Buffer.from(API_KEY).toString('hex'), JSON.stringify({ API_KEY })];
  console.log('the key is', API_KEY, ...encoded);
  const answer = await (await fetch(ADDRESS + '/token?api_key=' + encodeURIComponent(API_KEY), {
    method: 'POST', headers: { 'X-Api-Key': API_KEY, Authorization: 'Basic ' + Buffer.from('ada:${canaries.basicPassword}').toString('base64'),
      cookie: 'sid=${canaries.cookie}; theme=dark' },
    body: new URLSearchParams({ password: context.request.body.password, note: 'kept' }) })).json();
  user.note = 'bearer is ' + answer.access_token;
  global.token = global.token || '${canaries.globalToken}';
  await auth0.users.updateAppMetadata(user.user_id, { token: answer.access_token, link: 'https://x.example/?reset_token=${canaries.resetToken}' });
  context.idToken[ADDRESS + '/claim'] = encoded;
  context.idToken.kept = [user.email, user.last_password_reset];
  callback(null, user, context);
})().catch(callback)`)

const act = action(
  `console.log('with ' + event.secrets.KEY); api.redirect.sendUserTo('https://x.example/', { query: { key: event.secrets.KEY } })`,
)

test('no canary is found in any recording, in whatever form, and what is no secret stays readable', async () => {
  const engine = createEngine({
    rules: [
      { name: 'leaks', script },
      { name: 'acts', script: act, secrets: { KEY: canaries.actionSecret } },
    ],
    configuration: {
      API_KEY: canaries.configuration,
      ADDRESS: `https://${canaries.address}`,
      REGION: 'emea',
      ON: 'true',
    },
    limits: { workers: 1 },
    users: { updateAppMetadata: async (id, metadata) => ({ user_id: id, app_metadata: { ...metadata } }) },
    network: {
      fetch: () =>
        Response.json(
          { access_token: canaries.answeredToken, pin: 12345678 },
          { headers: { 'set-cookie': `session=${canaries.cookie}; Path=/` } },
        ),
    },
    record: recordInto(folder),
  })
  const login = {
    user: {
      user_id: 'auth0|1',
      email: 'ada@example.com',
      last_password_reset: '2026-01-01',
      identities: [{ connection: 'x', provider: 'x', user_id: '1', access_token: canaries.identityToken }],
    },
    context: { idToken: {}, request: { body: { password: canaries.password }, query: { state: 'kept' } } },
  }
  const outcomes = [await engine.run(login), await engine.run(login)]
  await engine.close()
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['redirect', 'redirect'])
  const files = readdirSync(folder)
  expect(files.filter((name) => name.startsWith('rules-'))).toHaveLength(1)
  expect(files.filter((name) => name.endsWith('-redirect.json'))).toHaveLength(2)
  const secrets = [...Object.values(canaries), ...outcomes.map(({ state = 'missing' }) => state)]
  for (const name of files.filter((file) => !file.startsWith('rules-'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const secret of secrets)
      for (const form of formsOf(secret)) expect(text.includes(form), `${name}: ${form}`).toBe(false)
    expect(text).toContain('"API_KEY": "[redacted:configuration.API_KEY]"')
    expect(text).toContain('"ADDRESS": "https://[redacted:configuration.ADDRESS]"')
    expect(text).toContain('"REGION": "[redacted:configuration.REGION]"')
    for (const plain of ['"ON": "true"', 'ada@example.com', '"2026-01-01"', '"state": "kept"', 'note=kept']) {
      expect(text).toContain(plain)
    }
  }
})

/** All that a secret could be recognised by, written here by other means than the redactor's. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const inside = ['', 'a', 'ab'].map((before) => {
    const text = Buffer.concat([Buffer.from(before), bytes, Buffer.from('zz')]).toString('base64')
    return text.slice(before.length === 0 ? 0 : 4, -8)
  })
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex')]
  const forms = [...plain, ...plain.map((form) => JSON.stringify(form).slice(1, -1)), ...inside]
  return [...new Set([...forms, ...inside.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))])].filter(
    (form) => form.length >= 4,
  )
}

test('one secret has one placeholder, wherever it stands, so that what was equal stays equal', () => {
  const redactor = createRedactor([['configuration.KEY', 'topmost-hidden']])
  const value = {
    a: 'is topmost-hidden',
    'topmost-hidden': 1,
    token: 'abcdef1',
    other_token: 'ghijkl2',
    b: 'abcdef1, ghijkl2',
  }
  redactor.learn(value)
  expect(redactor.redact(value)).toEqual({
    a: 'is [redacted:configuration.KEY]',
    '[redacted:configuration.KEY]': 1,
    token: '[redacted:token]',
    other_token: '[redacted:other_token]',
    b: '[redacted:token], [redacted:other_token]',
  })
})

test('a short secret is hidden where its name says what it is, and a number too, and JSON stays JSON', () => {
  const redactor = createRedactor([])
  const value = {
    pin: 1234,
    body: '{"otp":12345,"password":"abc","count":3}',
    url: 'https://x.example/?token=ab&page=2',
  }
  redactor.learn(value)
  const { body, ...rest } = redactor.redact(value)
  expect(JSON.parse(body)).toEqual({ otp: '[redacted:otp]', password: '[redacted:password]', count: 3 })
  expect(rest).toEqual({ pin: '[redacted:pin]', url: 'https://x.example/?token=[redacted:token]&page=2' })
})
