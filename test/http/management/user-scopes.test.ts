import { beforeAll, describe, expect, test } from 'vitest'
import { toIdentitiesResponse } from '../../../src/http/management/users/user-response.ts'
import { app, issuer, password, useServer } from '../server.ts'
import { type Answer, useCalls, userPath } from './calls.ts'

const fixture = useServer([])
const { call, callWith } = useCalls(fixture)

beforeAll(async () => {
  await fixture.store.users.create({
    connection: 'facebook',
    provider: 'facebook',
    user_id: '42',
    isSocial: true,
    email: 'grace@example.com',
  })
})

async function own(scope: string, method: string, path: string, body?: unknown): Promise<Answer> {
  return callWith(await tokenOf('ada@example.com', scope), method, path, body)
}

async function tokenOf(username: string, scope: string): Promise<string> {
  const form = { ...app, username, password, audience: `${issuer}/api/v2/`, scope }
  const response = await fixture.token({ grant_type: 'password', ...form })
  return ((await response.json()) as { access_token: string }).access_token
}

describe('what each scope lets an update change', () => {
  test.each([
    ['update:users', { name: 'Ada', app_metadata: { a: 1 }, user_metadata: { b: 1 } }, 200],
    ['update:users_app_metadata', { app_metadata: { a: 2 } }, 200],
    ['update:users_app_metadata', { app_metadata: { a: 2 }, blocked: true, name: 'x' }, 403],
    ['update:users_app_metadata', { user_metadata: { b: 2 } }, 403],
    ['read:users', { name: 'x' }, 403],
  ])('a client with %s and %j: %i', async (scope, body, status) => {
    const answer = await call('PATCH', userPath(fixture.adaId), body, [scope])
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.body).toMatchObject({ errorCode: 'insufficient_scope' })
  })

  test('the fields that it may not change are named', async () => {
    const body = { user_metadata: { a: 1 }, blocked: false, app_metadata: {} }
    const answer = await own('update:current_user_metadata', 'PATCH', userPath(fixture.adaId), body)
    expect(answer.body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'You cannot update the following fields: blocked, app_metadata',
      errorCode: 'insufficient_scope',
    })
  })

  test('users change their own user_metadata, and nobody else’s', async () => {
    const body = { user_metadata: { color: 'red' } }
    expect((await own('update:current_user_metadata', 'PATCH', userPath(fixture.adaId), body)).status).toBe(200)
    expect((await own('update:current_user_metadata', 'PATCH', userPath('facebook|42'), body)).status).toBe(403)
  })

  test('a scope for oneself adds nothing where a client changes somebody else', async () => {
    const scopes = ['update:users_app_metadata', 'update:current_user_metadata']
    await fixture.store.clients.create({
      client_id: 'mixed',
      client_secret: 'mixed-secret',
      name: 'Mixed',
      grant_types: ['client_credentials'],
      audience: `${issuer}/api/v2/`,
      scopes,
    })
    const form = { grant_type: 'client_credentials', client_id: 'mixed', client_secret: 'mixed-secret' }
    const { access_token: token } = (await (await fixture.token(form)).json()) as { access_token: string }
    const answer = await callWith(token, 'PATCH', userPath(fixture.adaId), { user_metadata: { color: 'grey' } })
    expect(answer.status).toBe(403)
  })
})

test('the tokens of an identity provider are shown to read:user_idp_tokens alone', () => {
  const identity = { connection: 'facebook', provider: 'facebook', user_id: '43' }
  const given = [{ ...identity, access_token: 'provider-token', refresh_token: 'provider-refresh' }]
  const caller = { sub: 'x@clients', clientId: 'x' }
  expect(toIdentitiesResponse(given, { ...caller, scopes: ['read:users'] })).toEqual([identity])
  expect(toIdentitiesResponse(given, { ...caller, scopes: ['read:users', 'read:user_idp_tokens'] })).toEqual(given)
})

test('users delete themselves with delete:current_user', async () => {
  const connection = 'Username-Password-Authentication'
  const bob = await fixture.store.users.create({ connection, email: 'bob@example.com', password })
  const { user_id: bobId = '' } = bob
  const token = await tokenOf('bob@example.com', 'delete:current_user')
  expect((await callWith(token, 'DELETE', userPath('facebook|42'))).status).toBe(403)
  expect((await callWith(token, 'DELETE', userPath(bobId))).status).toBe(204)
  expect(await fixture.store.users.get(bobId)).toBeUndefined()
})
