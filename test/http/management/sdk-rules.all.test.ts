import { Management, ManagementError } from 'auth0'
import { ManagementApiError } from 'auth0-v4'
import { afterEach, describe, expect, test } from 'vitest'
import { useServer } from '../server.ts'
import { failureOf, useSdk } from './sdk.ts'

const fixture = useServer([])
const sdk = useSdk(fixture)
const script = `function (user, context, callback) {
  user.seen = configuration.SEEN || 'nothing';
  callback(null, user, context);
}`

afterEach(async () => {
  const { rules } = await fixture.store.rules.list({ page: 0, perPage: 50 })
  for (const { id } of rules) await fixture.store.rules.delete(id)
})

async function seen(): Promise<unknown> {
  const { access_token: token } = await fixture.logIn()
  return ((await (await fixture.get('/userinfo', token)).json()) as { seen?: unknown }).seen
}

describe('the SDK 7', () => {
  test('creates, gets, lists, updates and deletes a rule, which runs at the next login', async () => {
    const { rules } = sdk.current
    const created = await rules.create({ name: 'Seven', script, order: 7 })
    const id = created.id ?? ''
    expect(created).toEqual({ id, name: 'Seven', script, order: 7, enabled: true, stage: 'login_success' })
    expect(await rules.get(id)).toEqual(created)
    expect(await seen()).toBe('nothing')
    expect((await rules.list({ enabled: true })).data).toEqual([created])
    expect(await rules.update(id, { enabled: false })).toEqual({ ...created, enabled: false })
    expect((await rules.list({ enabled: true })).data).toEqual([])
    await rules.delete(id)
    expect(await failureOf(rules.get(id))).toMatchObject({ statusCode: 404, body: { errorCode: 'inexistent_rule' } })
  })

  test('walks through all pages', async () => {
    const { rules } = sdk.current
    for (const name of ['a', 'b', 'c']) await rules.create({ name, script })
    const found: unknown[] = []
    for await (const rule of await rules.list({ per_page: 2 })) found.push(rule.name)
    expect(found).toEqual(['a', 'b', 'c'])
  })

  test('sets, lists and deletes configuration values, and cannot read them', async () => {
    const { rules, rulesConfigs } = sdk.current
    await rules.create({ name: 'configured', script })
    await rulesConfigs.set('SEEN', { value: 'a secret' })
    expect(await rulesConfigs.list()).toEqual([{ key: 'SEEN' }])
    expect(await seen()).toBe('a secret')
    await rulesConfigs.delete('SEEN')
    expect(await rulesConfigs.list()).toEqual([])
    expect(await seen()).toBe('nothing')
  })

  test('manages clients', async () => {
    const { clients } = sdk.current
    const created = await clients.create({ name: 'App of the SDK', grant_types: ['password'], app_type: 'native' })
    const id = created.client_id ?? ''
    expect(created.client_secret).toHaveLength(64)
    expect(await clients.get(id)).toEqual({
      client_id: id,
      name: 'App of the SDK',
      grant_types: ['password'],
      app_type: 'native',
    })
    expect(await clients.update(id, { callbacks: ['https://app.example/'] })).toMatchObject({
      callbacks: ['https://app.example/'],
    })
    expect((await clients.list()).data.map(({ client_id: one }) => one)).toContain(id)
    await clients.delete(id)
    expect(await failureOf(clients.get(id))).toMatchObject({ statusCode: 404 })
  })

  test.each([
    [Management.BadRequestError, 400, () => sdk.current.rules.create({ name: 'bad', script: 'function (' })],
    [Management.NotFoundError, 404, () => sdk.current.rules.get('rul_none')],
    [Management.ConflictError, 409, () => sdk.current.rules.create({ name: 'taken', script })],
  ])('throws a %o for %i', async (Expected, statusCode, call) => {
    await sdk.current.rules.create({ name: 'taken', script })
    const error = await failureOf(call())
    expect(error).toBeInstanceOf(ManagementError)
    expect(error).toBeInstanceOf(Expected)
    expect(error).toMatchObject({ statusCode, body: { statusCode } })
  })
})

describe('the SDK 4', () => {
  test('creates, gets, lists, updates and deletes a rule', async () => {
    const { rules } = sdk.legacy
    const { data: created, status } = await rules.create({ name: 'Four', script })
    expect(status).toBe(201)
    const { id } = created
    expect((await rules.get({ id })).data).toEqual(created)
    expect((await rules.getAll()).data).toEqual([created])
    expect((await rules.getAll({ include_totals: true })).data).toMatchObject({ total: 1, rules: [created] })
    expect((await rules.update({ id }, { order: 9 })).data).toEqual({ ...created, order: 9 })
    expect((await rules.delete({ id })).status).toBe(204)
  })

  test('sets, lists and deletes configuration values', async () => {
    const { rulesConfigs } = sdk.legacy
    expect((await rulesConfigs.set({ key: 'A' }, { value: 'v' })).data).toEqual({ key: 'A', value: 'v' })
    expect((await rulesConfigs.getAll()).data).toEqual([{ key: 'A' }])
    expect((await rulesConfigs.delete({ key: 'A' })).status).toBe(204)
  })

  test('throws its own error with code and status', async () => {
    await sdk.legacy.rules.create({ name: 'one', script, order: 1 })
    const error = await failureOf(sdk.legacy.rules.create({ name: 'two', script, order: 1 }))
    expect(error).toBeInstanceOf(ManagementApiError)
    expect(error).toMatchObject({
      statusCode: 409,
      errorCode: 'rule_conflict',
      msg: 'A rule with the same order already exists',
    })
  })
})
