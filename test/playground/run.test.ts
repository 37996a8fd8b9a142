import { expect, test } from 'vitest'
import { usePlayground } from './fixture.ts'

const fixture = usePlayground({ rules: 'rules-examples' })

const pass = 'function (user, context, callback) { callback(null, user, context) }'
const login = {
  user: { user_id: 'auth0|1', email: 'ada@example.com', email_verified: true },
  context: { idToken: {}, accessToken: { scope: ['openid'] } },
}

/** Runs a script alone, over a small login. */
async function runAlone(script: string, more: object = {}) {
  return await fixture.call('POST', '/run', { what: 'rule', name: 'mine', script, ...login, ...more })
}

test('one rule runs alone, with its changes, console and claims', async () => {
  const script = `function (user, context, callback) {
    console.log('hello', user.email)
    user.plan = 'gold'
    context.idToken = { plan: 'gold' }
    callback(null, user, context)
  }`
  const { status, body } = await runAlone(script)
  expect(status).toBe(200)
  expect(body.outcome).toMatchObject({ outcome: 'allow', claims: { idToken: { plan: 'gold' } } })
  expect(body.outcome.rules).toMatchObject([
    { name: 'mine', status: 'ok', logs: [{ level: 'log', message: 'hello ada@example.com' }] },
  ])
  expect(body.outcome.rules[0].changes).toContainEqual({ op: 'add', path: '/user/plan', value: 'gold' })
})

test('all rules run with the edited one in its place, over the configuration of the server and of the page', async () => {
  const script = `function (user, context, callback) {
    user.seen = [configuration.NAMESPACE, configuration.EXTRA, typeof user.roles]
    callback(null, user, context)
  }`
  const { body } = await fixture.call('POST', '/run', {
    what: 'pipeline',
    name: '10-deny-by-allow-list',
    script,
    configuration: { EXTRA: 'here' },
    ...login,
  })
  const names = body.outcome.rules.map(({ name }: { name: string }) => name)
  expect(names.slice(0, 2)).toEqual(['10-deny-by-allow-list', '20-roles-from-email-domain'])
  expect(body.outcome.user.seen).toEqual(['https://claimsmith.example/', 'here', 'undefined'])
})

test('what a run shows of tokens and profiles is what a real login gives', async () => {
  const userId = await fixture.idOf('grace@example.com')
  const chosen = await fixture.call('POST', '/login', { userId })
  const { body } = await fixture.call('POST', '/run', { what: 'pipeline', name: 'none', script: pass, ...chosen.body })
  const tokens = (await (await fixture.logIn('grace@example.com')).json()) as Record<string, string>
  const headers = { authorization: `Bearer ${tokens['access_token']}` }
  const userinfo = (await (await fixture.send('/userinfo', { headers })).json()) as Record<string, unknown>
  const form = new URLSearchParams({ id_token: tokens['id_token'] ?? '' })
  const tokeninfo = await (await fixture.send('/tokeninfo', { method: 'POST', body: form })).json()

  const passing = ['last_login', 'logins_count', 'last_ip', 'app_metadata']
  const lasting = (profile: Record<string, unknown>): object =>
    Object.fromEntries(Object.entries(profile).filter(([name]) => !passing.includes(name)))
  expect(lasting(body.preview.userinfo)).toEqual(lasting(userinfo))
  const ofThisLogin = { iat: 0, exp: 0, auth_time: 0, sid: '', at_hash: '' }
  expect({ ...body.preview.tokeninfo, ...ofThisLogin }).toEqual({ ...(tokeninfo as object), ...ofThisLogin })
})

test('metadata that rules save is shown and answered as the store would, and reaches no store', async () => {
  const userId = await fixture.idOf('ada@example.com')
  const script = `async function (user, context, callback) {
    const saved = await auth0.users.updateAppMetadata(user.user_id, { plan: 'gold' })
    user.answered = saved.app_metadata
    callback(null, user, context)
  }`
  const user = { user_id: userId, app_metadata: { seats: 3 } }
  const { body } = await runAlone(script, { user })
  expect(body.outcome.updates).toEqual([{ of: 'app_metadata', userId, data: { plan: 'gold' } }])
  expect(body.outcome.user.answered).toEqual({ seats: 3, plan: 'gold' })
  expect((await fixture.store.users.get(userId))?.app_metadata ?? {}).not.toHaveProperty('plan')
})

test('a rule that hangs ends as its typed outcome, and the next run works', async () => {
  const { status, body } = await runAlone('function (user, context, callback) { for (;;); }')
  expect([status, body.outcome.outcome, body.outcome.error.code]).toEqual([200, 'error', 'RULE_CPU'])
  expect(body.preview).toBeUndefined()
  expect((await runAlone(pass)).body.outcome.outcome).toBe('allow')
})

test('private addresses are refused to a rule as they are on the server', async () => {
  const script = `async function (user, context, callback) {
    await fetch('http://127.0.0.1:1/').catch((error) => { user.refused = error.code })
    callback(null, user, context)
  }`
  const { body } = await runAlone(script)
  expect(body.outcome.user.refused).toBe('NETWORK_REFUSED')
})

test('a rule that is none is refused with its line and column', async () => {
  const script = 'function (user, context, callback) {\n  callback(null, user,, context)\n}'
  for (const route of ['/run', '/check', '/rules']) {
    const more = route === '/run' ? { what: 'rule', ...login } : {}
    const { status, body } = await fixture.call('POST', route, { name: 'mine', script, ...more })
    expect([status, body.errorCode, body.rule, body.line, body.column]).toEqual([400, 'RULE_SYNTAX', 'mine', 2, 23])
  }
  expect((await fixture.store.rules.list({ page: 0, perPage: 10 })).total).toBe(0)
})

test('a file of TypeScript is checked as such', async () => {
  const script = 'export default (user: object, context: object, callback: Function) => callback(null, user, context)'
  expect((await fixture.call('POST', '/check', { name: 'typed', script, file: 'typed.ts' })).body).toEqual({
    kind: 'rule',
  })
  expect((await fixture.call('POST', '/check', { name: 'typed', script })).status).toBe(400)
})

test('a body that is no run is refused with what is wrong', async () => {
  const wrong = await fixture.call('POST', '/run', { what: 'everything', name: 'mine', script: pass, ...login })
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('"rule" or "pipeline"')])
  const { status } = await runAlone(pass, { configuration: { A: 1 } })
  expect(status).toBe(400)
})

test('of many runs at once some wait, and those beyond are told to come back', async () => {
  const slow = 'function (user, context, callback) { setTimeout(() => callback(null, user, context), 30) }'
  const answers = await Promise.all(Array.from({ length: 24 }, () => runAlone(slow)))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(18)
  expect(statuses.filter((status) => status === 429)).toHaveLength(6)
})

test('completions know what the sandbox gives to rules and actions', async () => {
  const { body } = await fixture.call('POST', '/shapes', login)
  expect(body).toMatchObject({
    auth0: { users: { updateAppMetadata: 'function' } },
    event: { user: { email: 'value' } },
    api: { access: { deny: 'function' }, idToken: { setCustomClaim: 'function' } },
  })
})
