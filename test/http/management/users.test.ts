import { beforeAll, describe, expect, test } from 'vitest'
import type { User } from '../../../src/profile/user/user.ts'
import { useServer } from '../server.ts'
import { useCalls, userPath } from './calls.ts'

const connection = 'Username-Password-Authentication'
const fixture = useServer([])
const { call } = useCalls(fixture)

const grace = { connection, user_id: 'grace', email: 'Grace@example.com', password: 'a long password' }
const gracePath = userPath('auth0|grace')

beforeAll(async () => {
  await fixture.store.connections.create({ name: 'facebook', strategy: 'facebook' })
  await fixture.store.connections.create({ name: 'sms', strategy: 'sms' })
  await call('POST', '/users', { ...grace, name: 'Grace', user_metadata: { color: 'blue', deep: { a: 1, b: 2 } } })
})

describe('POST /users', () => {
  test('a taken address or id is 409, as Auth0 says it', async () => {
    for (const body of [grace, { ...grace, user_id: 'other' }, { ...grace, email: 'other@example.com' }]) {
      const answer = await call('POST', '/users', body)
      expect(answer.status).toBe(409)
      expect(answer.body).toEqual({
        statusCode: 409,
        error: 'Conflict',
        message: 'The user already exists.',
        errorCode: 'auth0_idp_error',
      })
    }
  })

  test('the connection must be there, and have users of its own', async () => {
    const { connection: _, ...rest } = grace
    const without = await call('POST', '/users', rest)
    expect(without.body).toMatchObject({ statusCode: 400, message: expect.stringContaining('connection') as string })
    const unknown = await call('POST', '/users', { ...grace, connection: 'nowhere' })
    expect(unknown.body).toMatchObject({ statusCode: 400, errorCode: 'inexistent_connection' })
    const social = await call('POST', '/users', { ...grace, connection: 'facebook' })
    expect(social.body).toMatchObject({ statusCode: 400, errorCode: 'operation_not_supported' })
  })

  test.each([
    [{ connection }, 'email'],
    [{ connection, email: 'new@example.com' }, 'password'],
    [{ connection: 'sms', email: 'new@example.com' }, 'phone_number'],
  ])('%j lacks the property %s', async (body, property) => {
    const answer = await call('POST', '/users', body)
    expect(answer.body).toMatchObject({
      statusCode: 400,
      message: `Payload validation error: 'Missing required property: ${property}'.`,
    })
  })

  test('a passwordless user is one of its strategy', async () => {
    const answer = await call('POST', '/users', { connection: 'sms', phone_number: '+49123', verify_email: false })
    expect(answer.body).toMatchObject({ identities: [{ connection: 'sms', provider: 'sms' }] })
  })
})

describe('PATCH /users/{id}', () => {
  test('merges metadata at its first level; null deletes a key, {} clears all', async () => {
    const merged = await call('PATCH', gracePath, { user_metadata: { color: null, deep: { a: 9 }, new: true } })
    expect((merged.body as User).user_metadata).toEqual({ deep: { a: 9 }, new: true })
    const cleared = await call('PATCH', gracePath, { user_metadata: {} })
    expect((cleared.body as User).user_metadata).toEqual({})
  })

  test('names every attribute that it does not take', async () => {
    const body = { identities: [], user_id: 'auth0|other', created_at: 'now', color: 'blue', name: 'Kept' }
    const { status, body: refusal } = await call('PATCH', gracePath, body)
    expect(status).toBe(400)
    expect(refusal).toMatchObject({
      message: expect.stringContaining(
        'Additional properties not allowed: identities,user_id,created_at,color (',
      ) as string,
    })
    expect(await fixture.store.users.get('auth0|grace')).toMatchObject({ name: 'Grace' })
  })

  test('a taken address or user name is refused', async () => {
    const email = await call('PATCH', gracePath, { email: 'ada@example.com', connection })
    expect(email.body).toMatchObject({ statusCode: 400, message: 'The specified new email already exists' })
    const username = await call('PATCH', gracePath, { username: 'ada@example.com' })
    expect(username.body).toMatchObject({ statusCode: 400, message: 'The specified new username already exists' })
  })

  test('a new password works, and the old one does not', async () => {
    await call('PATCH', gracePath, { password: 'another long password', connection, client_id: 'app' })
    const login = { connection, identifier: grace.email }
    expect(await fixture.store.users.authenticate({ ...login, password: 'another long password' })).toBeDefined()
    expect(await fixture.store.users.authenticate({ ...login, password: grace.password })).toBeUndefined()
  })

  test.each([
    [{ user_metadata: { 'a.b': 1 } }, 'user_metadata.a.b'],
    [{ app_metadata: { deep: [{ $set: 1 }] } }, 'app_metadata.deep.0.$set'],
    [{ app_metadata: { identities: [] } }, 'app_metadata.identities'],
    [{ app_metadata: { _id: 'x' } }, 'app_metadata._id'],
  ])('%j has a name that metadata may not have', async (body, path) => {
    const answer = await call('PATCH', gracePath, body)
    expect(answer.status).toBe(400)
    expect((answer.body as { message: string }).message).toContain(`on property ${path}.`)
  })

  test('an unknown user is 404, and so is an identity that the user does not have 400', async () => {
    expect((await call('PATCH', userPath('auth0|nobody'), { name: 'x' })).body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_user',
    })
    expect((await call('PATCH', gracePath, { email: 'x@example.com', connection: 'facebook' })).status).toBe(400)
  })
})

describe('GET /users', () => {
  test('is a bare array, or a page with its place in the whole', async () => {
    const { body: bare } = await call('GET', '/users?q=email.domain:example.com&sort=email:1&fields=email')
    expect(bare).toEqual([{ email: 'ada@example.com' }, { email: 'Grace@example.com' }])
    const { body: page } = await call('GET', '/users?q=email:*&per_page=1&page=1&include_totals=true&sort=email:-1')
    expect(page).toMatchObject({ start: 1, limit: 1, length: 1, total: 2, users: [{ email: 'ada@example.com' }] })
  })

  test.each([
    'per_page=101',
    'page=-1',
    'per_page=x',
    'include_totals=perhaps',
    'sort=email',
    'sort=user_metadata:1',
    'sort=password:1',
    'search_engine=v2',
    'q=email:',
    'q=password:x',
    'q=user_metadata.color:b*',
    'page=10&per_page=100',
    'fields=a,,b',
    'nonsense=1',
    'page=1&page=2',
    'q=%00',
  ])('refuses ?%s', async (query) => {
    const answer = await call('GET', `/users?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ errorCode: 'invalid_query_string' })
  })
})

describe('GET /users-by-email', () => {
  test('finds an address in any case', async () => {
    const { body } = await call('GET', '/users-by-email?email=GRACE%40example.com&fields=user_id')
    expect(body).toEqual([{ user_id: 'auth0|grace' }])
    expect((await call('GET', '/users-by-email?email=nobody%40example.com')).body).toEqual([])
    expect((await call('GET', '/users-by-email')).status).toBe(400)
  })
})

describe('DELETE /users/{id}', () => {
  test('is 204 whether or not there is such a user', async () => {
    const { body } = await call('POST', '/users', { connection, email: 'gone@example.com', password: 'a password' })
    const path = userPath((body as User).user_id)
    expect([(await call('DELETE', path)).status, (await call('DELETE', path)).status]).toEqual([204, 204])
    expect((await call('GET', path)).status).toBe(404)
  })
})
