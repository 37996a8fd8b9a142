import { beforeAll, describe, expect, test } from 'vitest'
import { issuer, useServer } from '../server.ts'

const server = useServer([])
const options = {
  issuer: 'https://acme.example/',
  jwks: { keys: [] },
  client_secret: 'hidden',
  nested: { token: 'too' },
}
const acme = { name: 'acme', strategy: 'oidc', display_name: 'Acme', options, metadata: { tier: 'gold' } }
const shown = { ...acme, options: { issuer: options.issuer, jwks: options.jwks, nested: {} } }
let token = ''

beforeAll(async () => {
  const credentials = { client_id: 'admin', client_secret: 'admin-secret-admin-secret' }
  const scopes = ['read', 'create', 'update', 'delete'].map((verb) => `${verb}:connections`)
  const audience = `${issuer}/api/v2/`
  await server.store.clients.create({
    ...credentials,
    name: 'Admin',
    grant_types: ['client_credentials'],
    scopes,
    audience,
  })
  const answer = await server.token({ grant_type: 'client_credentials', ...credentials })
  token = ((await answer.json()) as { access_token: string }).access_token
})

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const headers = { authorization: `Bearer ${token}` }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await server.server.handler(new Request(`${issuer}/api/v2/connections${path}`, init))
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}
async function create(body: object): Promise<string> {
  const { status, json } = await call('POST', '', body)
  expect({ status, json }).toMatchObject({ status: 201 })
  return (json as { id: string }).id
}

describe('one connection', () => {
  test('is created, read, changed and deleted, and its secrets are never shown', async () => {
    const id = await create(acme)
    expect(await call('GET', `/${id}`)).toEqual({ status: 200, json: { id, ...shown } })
    const changed = { ...shown, id, display_name: 'Acme Inc.', options: { issuer: options.issuer } }
    const patch = { display_name: 'Acme Inc.', options: { issuer: options.issuer } }
    expect(await call('PATCH', `/${id}`, patch)).toEqual({ status: 200, json: changed })
    expect((await server.store.connections.get(id))?.options).toMatchObject({ client_secret: 'hidden' })
    expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 202, json: { deleted_at: expect.any(String) } })
    const gone = { status: 404, json: { errorCode: 'inexistent_connection' } }
    expect(await call('GET', `/${id}`)).toMatchObject(gone)
    expect(await call('PATCH', `/${id}`, patch)).toMatchObject(gone)
    expect(await call('DELETE', `/${id}`)).toMatchObject(gone)
  })

  test('is not created twice, nor deleted while there are users of it', async () => {
    const id = await create({ ...acme, name: 'twice' })
    expect(await call('POST', '', { ...acme, name: 'twice' })).toMatchObject({ status: 409 })
    await server.store.users.create({ connection: 'twice', provider: 'oidc', user_id: 'twice|1' })
    expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 409 })
    expect(await call('GET', `/${id}`)).toMatchObject({ status: 200 })
  })

  test.each([
    {},
    { name: 'x' },
    { name: 'a b', strategy: 'oidc' },
    { name: 'x', strategy: 'oidc', id: 'con_1' },
    { name: 'x', strategy: 'oidc', options: { set_user_root_attributes: 'never' } },
    { name: 'x', strategy: 'oidc', options: { jwks_uri: 'http://internal.example/keys' } },
    { name: 'x', strategy: 'oidc', options: { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } } },
  ])('%j is refused', async (body) => {
    expect(await call('POST', '', body)).toMatchObject({ status: 400, json: { errorCode: 'invalid_body' } })
  })

  test('keeps its name and strategy', async () => {
    const id = await create({ ...acme, name: 'fixed' })
    for (const patch of [{ name: 'other' }, { strategy: 'saml' }, {}]) {
      expect(await call('PATCH', `/${id}`, patch)).toMatchObject({ status: 400, json: { errorCode: 'invalid_body' } })
    }
  })

  test('is enabled for clients, one by one', async () => {
    const id = await create({ ...acme, name: 'enabled' })
    expect(await call('GET', `/${id}/clients?take=50`)).toEqual({ status: 200, json: { clients: [] } })
    const statuses = [
      { client_id: 'app', status: true },
      { client_id: 'other', status: true },
    ]
    expect(await call('PATCH', `/${id}/clients`, statuses)).toEqual({ status: 204, json: undefined })
    await call('PATCH', `/${id}/clients`, [{ client_id: 'other', status: false }])
    expect(await call('GET', `/${id}/clients`)).toEqual({ status: 200, json: { clients: [{ client_id: 'app' }] } })
    expect(await call('PATCH', `/${id}/clients`, [{ client_id: 'app' }])).toMatchObject({ status: 400 })
    expect(await call('GET', '/con_0000000000000000/clients')).toMatchObject({ status: 404 })
  })
})

describe('the list', () => {
  beforeAll(async () => {
    for (const name of ['l1', 'l2', 'l3']) await create({ name, strategy: 'list' })
  })
  const names = (json: unknown) => (json as { name: string }[]).map(({ name }) => name)

  test('is an array, or with totals an object; by page, strategy and name', async () => {
    expect(names((await call('GET', '?strategy=list')).json)).toEqual(['l1', 'l2', 'l3'])
    expect(names((await call('GET', '?name=l2')).json)).toEqual(['l2'])
    expect(names((await call('GET', '?strategy=list&per_page=2&page=1')).json)).toEqual(['l3'])
    const { json } = await call('GET', '?strategy=list&per_page=2&include_totals=true&fields=name')
    expect(json).toEqual({ start: 0, limit: 2, length: 2, total: 3, connections: [{ name: 'l1' }, { name: 'l2' }] })
  })

  test('goes on from one part to the next, as the SDK asks for it', async () => {
    const first = await call('GET', '?include_totals=true&take=2&strategy=list')
    expect(first.json).toMatchObject({ connections: [{ name: 'l1' }, { name: 'l2' }], next: 'l2' })
    const second = await call('GET', '?include_totals=true&take=2&strategy=list&from=l2')
    expect((second.json as { connections: unknown[] }).connections).toMatchObject([{ name: 'l3' }])
    expect(second.json).not.toHaveProperty('next')
  })

  test('refuses a page that is none', async () => {
    for (const query of ['?per_page=101', '?page=-1', '?take=0', '?sort=name:1']) {
      expect(await call('GET', query)).toMatchObject({ status: 400, json: { errorCode: 'invalid_query_string' } })
    }
  })
})

test('each call needs its own scope', async () => {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'manager',
    client_secret: 'manager-secret:with/odd+chars',
  }
  const { access_token: other } = (await (await server.token(form)).json()) as { access_token: string }
  const calls = [
    ['GET', ''],
    ['POST', ''],
    ['GET', '/x'],
    ['PATCH', '/x'],
    ['DELETE', '/x'],
    ['GET', '/x/clients'],
    ['PATCH', '/x/clients'],
  ] as const
  for (const [method, path] of calls) {
    const headers = { authorization: `Bearer ${other}` }
    const request = new Request(`${issuer}/api/v2/connections${path}`, { method, headers })
    expect((await server.server.handler(request)).status).toBe(403)
  }
})
