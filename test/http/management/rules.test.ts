import { describe, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { useCalls } from './calls.ts'

const fixture = useServer([{ name: 'from the folder', script: marking('folder') }])
const { call } = useCalls(fixture)

/** A rule that appends to `user.marks`. */
function marking(text: string): string {
  return `function (user, context, callback) {
    user.marks = (user.marks || []).concat('${text}');
    callback(null, user, context);
  }`
}

async function profile(): Promise<Record<string, unknown>> {
  const { access_token: token } = await fixture.logIn()
  return (await (await fixture.get('/userinfo', token)).json()) as Record<string, unknown>
}

async function create(body: object): Promise<string> {
  const { status, body: rule } = await call('POST', '/rules', body)
  expect(status).toBe(201)
  return (rule as { id: string }).id
}

describe('a rule that is saved over the API', () => {
  test('runs at the next login, after those that the server was started with; so do its changes', async () => {
    const id = await create({ name: 'saved', script: marking('saved') })
    expect((await profile())['marks']).toEqual(['folder', 'saved'])
    await call('PATCH', `/rules/${id}`, { script: marking('changed') })
    expect((await profile())['marks']).toEqual(['folder', 'changed'])
    await call('PATCH', `/rules/${id}`, { enabled: false })
    expect((await profile())['marks']).toEqual(['folder'])
    expect((await call('DELETE', `/rules/${id}`)).status).toBe(204)
    expect((await call('DELETE', `/rules/${id}`)).status).toBe(204)
    expect((await profile())['marks']).toEqual(['folder'])
  })

  test('takes the place of a rule of its name that the server was started with', async () => {
    const id = await create({ name: 'from the folder', script: marking('instead') })
    expect((await profile())['marks']).toEqual(['instead'])
    await call('DELETE', `/rules/${id}`)
    expect((await profile())['marks']).toEqual(['folder'])
  })

  test('of another stage than login_success is kept, and does not run', async () => {
    const id = await create({ name: 'failure', script: marking('failure'), stage: 'login_failure' })
    expect((await profile())['marks']).toEqual(['folder'])
    await call('DELETE', `/rules/${id}`)
  })

  test('finds configuration values that are set over the API', async () => {
    const script = `function (user, context, callback) { user.key = configuration['MY:KEY']; callback(null, user, context); }`
    const id = await create({ name: 'configured', script })
    const { status, body } = await call('PUT', '/rules-configs/MY%3AKEY', { value: 'a secret' })
    expect([status, body]).toEqual([200, { key: 'MY:KEY', value: 'a secret' }])
    expect((await profile())['key']).toBe('a secret')
    const list = await call('GET', '/rules-configs')
    expect([list.body, list.text.includes('a secret')]).toEqual([[{ key: 'MY:KEY' }], false])
    expect((await call('DELETE', '/rules-configs/MY%3AKEY')).status).toBe(204)
    expect((await call('DELETE', '/rules-configs/MY%3AKEY')).status).toBe(204)
    expect((await profile())['key']).toBeUndefined()
    await call('DELETE', `/rules/${id}`)
  })
})

describe('a script that is no rule', () => {
  const wrong = 'function (user, context, callback) {\n  if (\n}'

  test('is refused with its place, and changes nothing', async () => {
    const id = await create({ name: 'stays', script: marking('stays') })
    const before = await call('GET', '/rules')
    const created = await call('POST', '/rules', { name: 'new', script: wrong })
    expect(created).toMatchObject({
      status: 400,
      body: {
        statusCode: 400,
        error: 'Bad Request',
        errorCode: 'invalid_body',
        message: expect.stringMatching(/^Payload validation error: 'new\.js:3:1: .+' on property script\.$/),
      },
    })
    const changed = await call('PATCH', `/rules/${id}`, { script: wrong })
    expect(changed).toMatchObject({ status: 400, body: { message: expect.stringContaining('stays.js:3:1: ') } })
    expect((await call('GET', '/rules')).body).toEqual(before.body)
    expect((await profile())['marks']).toEqual(['folder', 'stays'])
    await call('DELETE', `/rules/${id}`)
  })

  test.each([
    ['too long', `function (user, context, callback) { '${'x'.repeat(100_001)}' }`, /100000/],
    ['no function', '1 + 1', /a\.js:1:1: This is no function/],
    ['nothing but blanks', ' ', /property script|text that is not empty/],
  ])('is refused where it is %s', async (_what, script, message) => {
    const answer = await call('POST', '/rules', { name: 'a', script })
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } })
  })
})

describe('rules in lists', () => {
  test('come in order, by page, with totals, of one kind, and with the fields asked for', async () => {
    const second = await create({ name: 'second', script: marking('2'), order: 20 })
    const first = await create({ name: 'first', script: marking('1'), order: 10, enabled: false })
    const shape = { id: first, name: 'first', script: marking('1'), order: 10, enabled: false, stage: 'login_success' }
    expect((await call('GET', '/rules')).body).toMatchObject([shape, { id: second }])
    expect((await call('GET', '/rules?page=1&per_page=1&include_totals=true')).body).toMatchObject({
      start: 1,
      limit: 1,
      length: 1,
      total: 2,
      rules: [{ id: second }],
    })
    expect((await call('GET', '/rules?enabled=true&fields=name,order')).body).toEqual([{ name: 'second', order: 20 }])
    expect((await call('GET', `/rules/${first}`)).body).toEqual(shape)
    const without = await call('GET', `/rules/${first}?fields=script&include_fields=false`)
    expect(without.body).not.toHaveProperty('script')
    const taken = await call('PATCH', `/rules/${second}`, { order: 10 })
    expect(taken).toMatchObject({
      status: 409,
      body: { errorCode: 'rule_conflict', message: 'A rule with the same order already exists' },
    })
    await call('DELETE', `/rules/${first}`)
    await call('DELETE', `/rules/${second}`)
  })
})

test.each([
  ['POST /rules', { script: marking('x') }, 400, /Missing required property: name/],
  ['POST /rules', { name: '-x', script: marking('x') }, 400, /does not match pattern/],
  ['POST /rules', { name: 'x', script: marking('x'), order: -1 }, 400, /less than minimum 0.*order/],
  ['POST /rules', { name: 'x', script: marking('x'), stage: 'never' }, 400, /No enum match.*stage/],
  ['POST /rules', { name: 'x', script: marking('x'), id: 'rul_1' }, 400, /Additional properties.*id/],
  ['PATCH /rules/rul_none', { stage: 'login_failure' }, 400, /Additional properties.*stage/],
  ['PATCH /rules/rul_none', {}, 400, /Too few properties/],
  ['PATCH /rules/rul_none', { order: 1 }, 404, /does not exist/],
  ['GET /rules/rul_none', undefined, 404, /does not exist/],
  ['GET /rules?per_page=101', undefined, 400, /greater than maximum 100/],
  ['GET /rules?sort=name:1', undefined, 400, /Additional properties.*sort/],
  ['PUT /rules-configs/a%20b', { value: 'x' }, 400, /key/],
  ['PUT /rules-configs/K', { value: 1 }, 400, /Expected type string/],
  ['PUT /rules-configs/K', {}, 400, /Missing required property: value/],
])('%s with %j is refused', async (what, body, status, message) => {
  const [method = '', path = ''] = what.split(' ')
  expect(await call(method, path, body)).toMatchObject({ status, body: { message: expect.stringMatching(message) } })
})

test.each([
  ['GET', '/rules', 'read:rules'],
  ['POST', '/rules', 'create:rules'],
  ['GET', '/rules/rul_none', 'read:rules'],
  ['PATCH', '/rules/rul_none', 'update:rules'],
  ['DELETE', '/rules/rul_none', 'delete:rules'],
  ['GET', '/rules-configs', 'read:rules_configs'],
  ['PUT', '/rules-configs/K', 'update:rules_configs'],
  ['DELETE', '/rules-configs/K', 'delete:rules_configs'],
])('%s %s needs the scope %s', async (method, path, scope) => {
  const others = ['read', 'create', 'update', 'delete']
    .flatMap((verb) => [`${verb}:rules`, `${verb}:rules_configs`])
    .filter((one) => one !== scope && one !== 'create:rules_configs')
  const refused = await call(method, path, undefined, others)
  expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } })
  expect((await call(method, path, undefined, [scope])).status).not.toBe(403)
})
