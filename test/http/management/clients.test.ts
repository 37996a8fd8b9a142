import { describe, expect, test } from 'vitest'
import { app, useServer } from '../server.ts'
import { useCalls } from './calls.ts'

const fixture = useServer([])
const { call } = useCalls(fixture)

test('clients are listed by page, with totals and fields, and never with what they may ask of APIs', async () => {
  const { body, text } = await call('GET', '/clients?page=0&per_page=2&include_totals=true&fields=client_id')
  expect(body).toMatchObject({ start: 0, limit: 2, length: 2, total: 3, clients: [{ client_id: 'app' }, {}] })
  expect(text).not.toContain('name')
  const whole = await call('GET', '/clients')
  expect(whole.text).not.toMatch(/secret|scopes|audience/)
})

describe('a client that is made over the API', () => {
  test('logs users in with the secret that only the first answer shows', async () => {
    const body = { name: 'New', grant_types: ['password'], callbacks: ['https://app.example/cb'], app_type: 'spa' }
    const created = await call('POST', '/clients', body)
    expect(created).toMatchObject({ status: 201, body: { ...body, client_secret: expect.stringMatching(/^.{64}$/) } })
    const { client_id: id, client_secret: secret } = created.body as Record<string, string>
    const shown = await call('GET', `/clients/${id}`)
    expect(shown.body).toEqual({ ...body, client_id: id })
    await fixture.logIn({ client_id: id ?? '', client_secret: secret ?? '' })
    const all = await call('GET', '/clients')
    expect(all.text).not.toContain(secret)
    expect((await call('DELETE', `/clients/${id}`)).status).toBe(204)
    expect((await call('DELETE', `/clients/${id}`)).status).toBe(204)
    expect((await call('GET', `/clients/${id}`)).status).toBe(404)
    const form = { grant_type: 'password', username: 'ada@example.com', password: 'x' }
    expect((await fixture.token({ ...form, client_id: id ?? '', client_secret: secret ?? '' })).status).toBe(401)
  })

  test('keeps a secret of its own', async () => {
    const secret = 'a secret from elsewhere'
    const { body } = await call('POST', '/clients', { name: 'Moved', grant_types: ['password'], client_secret: secret })
    const { client_id: id = '' } = body as Record<string, string>
    expect(await fixture.logIn({ client_id: id, client_secret: secret })).toHaveProperty('access_token')
    await call('DELETE', `/clients/${id}`)
  })
})

test('a change keeps what it does not mention, null unsets, and what it may ask of APIs stays', async () => {
  const changed = await call('PATCH', '/clients/manager', { name: 'Chief', description: 'runs it' })
  expect(changed.body).toMatchObject({ client_id: 'manager', name: 'Chief', description: 'runs it' })
  const unset = await call('PATCH', '/clients/manager', { description: null })
  expect(unset.body).not.toHaveProperty('description')
  const stored = await fixture.store.clients.get('manager')
  expect(stored).toMatchObject({ name: 'Chief', scopes: ['read:users', 'update:users'] })
  expect((await call('GET', `/clients/${app.client_id}`)).body).toMatchObject({ client_metadata: { tier: 'gold' } })
})

test.each([
  ['POST /clients', {}, 400, /Missing required property: name/],
  ['POST /clients', { name: 'x', scopes: ['read:users'] }, 400, /Additional properties.*scopes/],
  ['POST /clients', { name: 'x', client_id: 'mine' }, 400, /Additional properties.*client_id/],
  ['POST /clients', { name: 'x', client_secret: 'short' }, 400, /too short/],
  ['POST /clients', { name: 'x', client_metadata: { a: 1 } }, 400, /Expected type string.*client_metadata\.a/],
  ['PATCH /clients/app', { client_secret: 'x'.repeat(30) }, 400, /Additional properties.*client_secret/],
  ['PATCH /clients/app', { name: null }, 400, /Expected type string/],
  ['PATCH /clients/app', { app_type: 'toaster' }, 400, /No enum match/],
  ['PATCH /clients/nobody', { name: 'x' }, 404, /does not exist/],
  ['GET /clients/nobody', undefined, 404, /does not exist/],
])('%s with %j is refused', async (what, body, status, message) => {
  const [method = '', path = ''] = what.split(' ')
  expect(await call(method, path, body)).toMatchObject({ status, body: { message: expect.stringMatching(message) } })
})

test.each([
  ['GET', '/clients', 'read:clients'],
  ['POST', '/clients', 'create:clients'],
  ['PATCH', '/clients/nobody', 'update:clients'],
  ['DELETE', '/clients/nobody', 'delete:clients'],
])('%s %s needs the scope %s', async (method, path, scope) => {
  const refused = await call(method, path, undefined, ['read:users'])
  expect(refused).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } })
  expect((await call(method, path, undefined, [scope])).status).not.toBe(403)
})
